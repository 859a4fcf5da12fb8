import type { JobData, JobName } from '@countersign/contracts';
import type { Bell, Instant, JsonObject } from '@countersign/core';

/** A typed doorbell for the outbox. */
export function bell<N extends JobName>(job: N, data: JobData<N>, notBefore: Instant | null = null): Bell {
  return { job, data: { ...data } as unknown as JsonObject, notBefore };
}
