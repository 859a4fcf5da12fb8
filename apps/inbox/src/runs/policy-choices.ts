import type { PolicyName } from '@countersign/core';

export type PolicyChoice = PolicyName;

export const POLICY_CHOICES: readonly { policy: PolicyChoice; label: string }[] = [
  { policy: 'require_human', label: 'A person, before it runs and for the result (require_human)' },
  { policy: 'auto_with_thresholds', label: 'A person, where something is uncertain (auto_with_thresholds)' },
  { policy: 'auto', label: 'Nobody, unless something is missing (auto)' },
];
