import { checkedInput } from '../http/input/checked-input';
import { RunRequestDto } from '@countersign/contracts';
import { DEFAULT_CONFIG, type AiProvider, type JsonObject, type Principal } from '@countersign/core';
import fc from 'fast-check';
import { readConfig, readRequest } from './read-request';

const ADMIN: Principal = { tenantId: 't', userId: 'adm', roles: ['admin'] };
const CHOSEN = { provider: { name: 'scripted' } as AiProvider, model: 'scripted/echo', version: null, tool: null };
const read = (body: object, principal = ADMIN) => readRequest(principal, checkedInput(RunRequestDto, body), CHOSEN);

describe('a request as a run', () => {
  it('merges: RunInput < original_input < arguments < resolved provider and model', () => {
    const some = fc.option(fc.string({ minLength: 1 }).map((text) => `v${text.replace(/[\0\ud800-\udfff]/g, '').trim()}`.trim()), { nil: undefined });
    fc.assert(fc.property(some, some, some, (input, original, argument) => {
      const run = read({
        run_input: { prompt: 'p', session_id: input }, original_input: original === undefined ? {} : { session_id: original }, session_id: argument,
      });
      const winner = argument ?? original ?? input ?? null;
      expect(run.sessionId).toBe(winner);
      expect(run.originalInput.session_id ?? null).toBe(winner);
      expect(run.originalInput).toMatchObject({ provider: 'scripted', model: 'scripted/echo', prompt: 'p' });
    }));
  });

  it('belongs to whom the request names, else to who asks', () => {
    expect(read({ run_input: { prompt: '' } })).toMatchObject({ userId: 'adm', originalInput: { user_id: 'adm' } });
    expect(read({ run_input: { prompt: '', user_id: 'u1' } }).userId).toBe('u1');
    expect(read({ run_input: { prompt: '', user_id: 'u1' }, original_input: { user_id: 'u2' } }).userId).toBe('u2');
    expect(read({ run_input: { prompt: '', user_id: 'u1' }, user_id: 'u3' }).userId).toBe('u3');
  });

  it('is not started for somebody else, whichever way that is said', () => {
    const ann: Principal = { tenantId: 't', userId: 'ann', roles: ['requester', 'reviewer', 'operator'] };
    for (const body of [{ run_input: { prompt: '', user_id: 'bob' } }, { run_input: { prompt: '' }, original_input: { user_id: 'bob' } }, { run_input: { prompt: '' }, user_id: 'bob' }]) {
      expect(() => read(body, ann)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    }
    expect(read({ run_input: { prompt: '' }, user_id: 'ann' }, ann).userId).toBe('ann');
  });

  it('has text in its names', () => {
    expect(() => read({ run_input: { prompt: '' }, original_input: { user_id: 5 } as JsonObject })).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
  });

  it('is guarded as told, else by the defaults', () => {
    expect(readConfig(undefined)).toEqual(DEFAULT_CONFIG);
    expect(readConfig({ policy: 'require_human', timeout_seconds: 5, review_thresholds: {} })).toEqual({ ...DEFAULT_CONFIG, policy: 'require_human', timeoutSeconds: 5 });
  });
});
