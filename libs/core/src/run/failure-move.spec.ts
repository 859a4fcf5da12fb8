import { aConfig, aRun, NOON } from '../testing/factories';
import type { FailureReason, Refusal, RefusalReason } from '../ports/ai-provider';
import { addMs } from '../json';
import type { LaunchOutcome } from '../launch/launch';
import { AUTO_RETRY_FIRST_MS, AUTO_RETRY_LONGEST_MS, failureMove, MAX_AUTO_RETRIES } from './failure-move';
import type { Move } from './next-move';
import { POLICIES, type PolicyName } from './words';

const METRICS = { computeSeconds: null, totalSeconds: null };
const runOf = (policy: PolicyName, autoRetries = 0) => aRun('running', { step: 'api_call', config: aConfig({ policy }), autoRetries });
const refused = (reason: RefusalReason, over: Partial<Refusal> = {}): Extract<LaunchOutcome, { kind: 'refused' }> =>
  ({ kind: 'refused', refusal: { reason, message: 'It was refused.', detail: 'for the operator', retryAfterMs: null, fields: [], ...over } });

/** `asks` or `ends` with the code. */
function gist(move: Move): string {
  if (move.kind === 'ask') return `asks ${move.checkpoint}`;
  if (move.kind !== 'event') return move.kind;
  if (move.event.type === 'failed') return `ends ${move.event.error.code}`;
  return move.event.type === 'relaunched' ? `again in ${Date.parse(move.event.notBefore) - Date.parse(NOON)}` : move.event.type;
}

describe('a refused launch', () => {
  const CODES: [RefusalReason, string][] = [
    ['unauthorized', 'PROVIDER_UNAUTHORIZED'], ['payment_required', 'PROVIDER_PAYMENT_REQUIRED'], ['model_not_found', 'MODEL_NOT_FOUND'],
    ['moderated', 'MODERATED'], ['other', 'PROVIDER_REFUSED'],
  ];
  it.each(CODES)('for %s ends the run under auto and asks under the others', (reason, code) => {
    expect(POLICIES.map((policy) => gist(failureMove(runOf(policy), refused(reason), NOON)))).toEqual([
      `ends ${code}`, 'asks error_recovery', 'asks error_recovery',
    ]);
  });

  it('for its input asks under every policy, and names the fields', () => {
    const outcome = refused('invalid_input', { fields: [{ field: 'size', code: 'enum', message: 'not one of them', allowed: ['1'] }, { field: 'seed', code: 'type', message: 'no number' }] });
    for (const policy of POLICIES) {
      const move = failureMove(runOf(policy), outcome, NOON);
      expect(move).toMatchObject({
        kind: 'ask', checkpoint: 'error_recovery', reason: 'It was refused.',
        context: {
          refused_fields: [{ field: 'size', allowed: ['1'] }, { field: 'seed', allowed: null }],
          error: { code: 'INPUT_REFUSED', message: 'It was refused.' },
        },
      });
      expect(JSON.stringify(move)).not.toContain('for the operator');
    }
  });

  it.each(['throttled', 'unreachable'] as const)('for %s is repeated with growing pauses, a bounded number of times', (reason) => {
    const pauses = Array.from({ length: MAX_AUTO_RETRIES }, (_, done) => gist(failureMove(runOf('auto', done), refused(reason), NOON)));
    expect(pauses).toEqual([1, 2, 4, 8, 16].map((times) => `again in ${AUTO_RETRY_FIRST_MS * times}`));
    expect(gist(failureMove(runOf('auto', MAX_AUTO_RETRIES), refused(reason), NOON))).toMatch(/^ends PROVIDER_/);
    expect(gist(failureMove(runOf('require_human', MAX_AUTO_RETRIES), refused(reason), NOON))).toBe('asks error_recovery');
  });

  it('is repeated when the provider says, but not after longer than anybody would wait', () => {
    const after = (retryAfterMs: number) => gist(failureMove(runOf('auto'), refused('throttled', { retryAfterMs }), NOON));
    expect(after(7000)).toBe('again in 7000');
    expect(after(AUTO_RETRY_LONGEST_MS)).toBe(`again in ${AUTO_RETRY_LONGEST_MS}`);
    expect(after(AUTO_RETRY_LONGEST_MS + 1)).toBe('ends PROVIDER_THROTTLED');
    expect(addMs(NOON, -1000)).toBe('2026-11-22T11:59:59.000Z');
  });
});

describe('a launch that ran', () => {
  const REASONS: [FailureReason, string][] = [
    ['model_error', 'MODEL_ERROR'], ['moderated', 'MODERATED'], ['out_of_memory', 'OUT_OF_MEMORY'], ['timed_out', 'TIMED_OUT'], ['provider_error', 'PROVIDER_ERROR'],
  ];
  it.each(REASONS)('and failed with %s ends under auto and asks under the others, never repeated by code', (reason, code) => {
    const outcome = { kind: 'failed', reason, message: 'It failed.', detail: 'trace', metrics: METRICS, cost: null } as const;
    expect(POLICIES.map((policy) => gist(failureMove(runOf(policy), outcome, NOON)))).toEqual([`ends ${code}`, 'asks error_recovery', 'asks error_recovery']);
  });

  it.each([[true, 'may be billed'], [false, 'before it began']])('and was stopped (billed: %s) says so', (billed, words) => {
    const move = failureMove(runOf('auto'), { kind: 'stopped', billed, detail: 'deadline' }, NOON);
    expect(move).toMatchObject({ event: { error: { code: 'STOPPED_BY_PROVIDER', message: expect.stringContaining(words) } } });
    expect(gist(failureMove(runOf('require_human'), { kind: 'stopped', billed, detail: '' }, NOON))).toBe('asks error_recovery');
  });

  it.each(POLICIES)('or not, nobody knows: under %s a person is asked before money is spent again (invariant 7)', (policy) => {
    expect(gist(failureMove(runOf(policy, 0), { kind: 'unknown', detail: 'lost', jobIds: [] }, NOON))).toBe('asks execution_unknown');
  });

  it.each(POLICIES)('is not sent under %s when the payload is not what was approved (invariant 6)', (policy) => {
    expect(gist(failureMove(runOf(policy), { kind: 'consent_mismatch', detail: 'a != b' }, NOON))).toBe('ends CONSENT_MISMATCH');
  });
});
