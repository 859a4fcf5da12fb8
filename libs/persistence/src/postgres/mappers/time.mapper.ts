import type { Instant } from '@countersign/core';

export const instant = (at: Date): Instant => at.toISOString();
export const instantOrNull = (at: Date | null): Instant | null => (at === null ? null : at.toISOString());
