import { addMs, type Instant } from '@countersign/core';

/** How long a launch that is being sent belongs to its process, ms: five missed renewals mean the process is gone. */
const LEASE_MS = 15_000;
/** How often the process says that it is still at it, ms. */
export const RENEW_MS = 3_000;

export function leaseEnd(now: Instant): Instant {
  return addMs(now, LEASE_MS);
}
