import { CHAIN_START, hashOfEvent } from '../audit/verify-chain';
import { addMs } from '../json';
import type { Sha256 } from '../payload/payload';
import type { StepEvent } from '../run/events';
import { NOON, testId } from './factories';

/** A chained history of `length` lines, one minute apart. */
export function aHistory(length: number, sha256: Sha256, runId = testId()): StepEvent[] {
  let prevHash = CHAIN_START;
  return Array.from({ length }, (_, n) => {
    const line = {
      runId, seq: n + 1, type: n === 0 ? ('created' as const) : ('noted' as const), step: 'payload_review' as const, status: 'running' as const,
      at: addMs(NOON, n * 60_000), actor: 'human:ann', message: `line ${n + 1}`, metadata: { n, ratio: n / 7, list: [null, true, 'ä'] }, prevHash,
    };
    const event = { ...line, hash: hashOfEvent(line, sha256) };
    prevHash = event.hash;
    return event;
  });
}
