import fc from 'fast-check';
import type { JobState, JsonObject, LaunchRequest } from '@countersign/core';
import { ScriptedProvider } from './scripted.provider';
import { SCRIPTED_FORMS } from './scripted-forms';
import type { ScriptedTimer } from './scripted-timer';

const ONE_MINUTE = 60_000;

/** Time that moves only when it is told to; waits end at once and move it. */
class HandTimer implements ScriptedTimer {
  constructor(private ms = 1_700_000_000_000) {}
  now(): number { return this.ms; }
  move(ms: number): void { this.ms += ms; }
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.move(ms);
  }
}

function requestOf(model: string, input: JsonObject, more: Partial<LaunchRequest> = {}): LaunchRequest {
  return {
    launchId: 'launch-1', payload: { provider: 'scripted', model, version: '1', input }, callbackUrl: null, deadlineSeconds: 3600,
    openInput: async (url) => { throw new Error(`${url} cannot be opened`); },
    isOwnFile: () => false, signal: new AbortController().signal, onProgress: () => undefined, ...more,
  };
}

async function launchedState(provider: ScriptedProvider, request: LaunchRequest): Promise<{ jobId: string; state: JobState }> {
  const answer = await provider.launch(request);
  if (answer.kind !== 'launched') throw new Error(`expected a launch, got ${JSON.stringify(answer)}`);
  return answer;
}

describe('ScriptedProvider', () => {
  it('echoes at once', async () => {
    const { state } = await launchedState(new ScriptedProvider(), requestOf('scripted/echo', { prompt: 'hello', uppercase: true, repeat: 2 }));
    expect(state).toMatchObject({ status: 'succeeded', output: { raw: 'HELLO\nHELLO', doubts: [] } });
  });

  it('draws a real PNG of the size asked for, the same for the same words', async () => {
    const input = { prompt: 'a house', width: 40, height: 24, palette: 'cold' };
    const pictures = await Promise.all(['launch-1', 'launch-2'].map(async (launchId) => {
      const { state } = await launchedState(new ScriptedProvider(), requestOf('scripted/image', input, { launchId }));
      const part = state.status === 'succeeded' ? state.output.parts[0] : undefined;
      if (part?.kind !== 'file' || !('bytes' in part.source)) throw new Error('no picture');
      return Buffer.from(part.source.bytes);
    }));
    expect(pictures[0]?.readUInt32BE(16)).toBe(40);
    expect(pictures[0]?.readUInt32BE(20)).toBe(24);
    expect(pictures[0]?.equals(pictures[1] ?? Buffer.alloc(0))).toBe(true);
  });

  it('runs a job to its end by the clock, also for a process that never launched it', async () => {
    const timer = new HandTimer();
    const request = requestOf('scripted/job', { prompt: 'slow', delay_ms: ONE_MINUTE });
    const { jobId, state } = await launchedState(new ScriptedProvider(timer), request);
    expect(state).toMatchObject({ status: 'processing', progress: { percent: 0 } });

    const afterRestart = new ScriptedProvider(timer);
    timer.move(ONE_MINUTE / 2);
    expect(await afterRestart.follow(jobId, request.payload)).toMatchObject({ ok: true, state: { status: 'processing', progress: { percent: 50 } } });
    timer.move(ONE_MINUTE / 2);
    const end = await afterRestart.follow(jobId, request.payload);
    expect(end).toMatchObject({ ok: true, state: { status: 'succeeded', output: { raw: { text: 'slow', picture: null } }, metrics: { computeSeconds: 60 } } });
    expect(await afterRestart.follow(jobId, request.payload)).toEqual(end);
  });

  it('gives the same job for the same launch id', async () => {
    const timer = new HandTimer();
    const provider = new ScriptedProvider(timer);
    const request = requestOf('scripted/job', { prompt: 'once', delay_ms: ONE_MINUTE });
    const first = await launchedState(provider, request);
    timer.move(10);
    expect((await launchedState(provider, request)).jobId).toBe(first.jobId);
  });

  it('stops a running job and keeps it stopped', async () => {
    const timer = new HandTimer();
    const provider = new ScriptedProvider(timer);
    const request = requestOf('scripted/job', { prompt: 'stop me', delay_ms: ONE_MINUTE });
    const { jobId } = await launchedState(provider, request);
    timer.move(1_000);
    const stopped = { status: 'cancelled', metrics: { computeSeconds: 1 } };
    expect(await provider.cancel(jobId)).toMatchObject({ ok: true, state: stopped });
    timer.move(ONE_MINUTE);
    expect(await provider.cancel(jobId)).toMatchObject({ ok: true, state: stopped });
    expect(await provider.follow(jobId, request.payload)).toMatchObject({ ok: true, state: stopped });
  });

  it('leaves a finished job finished when asked to stop it', async () => {
    const provider = new ScriptedProvider(new HandTimer());
    const request = requestOf('scripted/job', { prompt: 'done' });
    const { jobId } = await launchedState(provider, request);
    expect(await provider.cancel(jobId)).toEqual({ ok: true, state: null });
    expect(await provider.follow(jobId, request.payload)).toMatchObject({ state: { status: 'succeeded' } });
  });

  it('ends at the deadline when the delay is longer', async () => {
    const { state } = await launchedState(
      new ScriptedProvider(new HandTimer()), requestOf('scripted/echo', { prompt: 'late', delay_ms: ONE_MINUTE }, { deadlineSeconds: 5 }),
    );
    expect(state).toMatchObject({ status: 'failed', reason: 'timed_out', metrics: { totalSeconds: 5 } });
  });

  it('ends a waiting call when the signal aborts', async () => {
    const caller = new AbortController();
    const launch = new ScriptedProvider().launch(
      requestOf('scripted/echo', { prompt: 'wait', delay_ms: ONE_MINUTE }, { signal: caller.signal, onProgress: () => caller.abort() }),
    );
    expect(await launch).toMatchObject({ kind: 'launched', state: { status: 'cancelled' } });
  });

  it.each([
    ['scripted/echo', 'fail', { kind: 'launched', state: { status: 'failed', reason: 'model_error' } }],
    ['scripted/echo', 'doubt', { kind: 'launched', state: { status: 'succeeded', output: { parts: [], doubts: [expect.any(String)] } } }],
    ['scripted/echo', 'refuse_input', { kind: 'refused', refusal: { reason: 'invalid_input', fields: [{ field: 'outcome', allowed: ['succeed', 'fail', 'doubt'] }] } }],
    ['scripted/echo', 'throttle', { kind: 'refused', refusal: { reason: 'throttled', retryAfterMs: 1000 } }],
    ['scripted/echo', 'moderate', { kind: 'refused', refusal: { reason: 'moderated' } }],
    ['scripted/job', 'moderate', { kind: 'launched', state: { status: 'failed', reason: 'moderated' } }],
    ['scripted/job', 'unclear', { kind: 'unclear' }],
  ])('%s told to %s does so', async (model, outcome, expected) => {
    expect(await new ScriptedProvider().launch(requestOf(model, { prompt: 'x', outcome }))).toMatchObject(expected);
  });

  it.each([
    [{}, 'prompt', 'missing_required'],
    [{ prompt: '  ' }, 'prompt', 'missing_required'],
    [{ prompt: 'x', delay_ms: 600_001 }, 'delay_ms', 'out_of_range'],
    [{ prompt: 'x', delay_ms: 1.5 }, 'delay_ms', 'wrong_type'],
    [{ prompt: 'x', outcome: 'explode' }, 'outcome', 'not_in_enum'],
    [{ prompt: 'x', colour: 'red' }, 'colour', 'unknown_field'],
    [{ prompt: 'x', reference: 'https://example.com/gone.png' }, 'reference', 'file_unreachable'],
  ])('refuses %j by the field %s', async (input: JsonObject, field, code) => {
    const answer = await new ScriptedProvider().launch(requestOf('scripted/echo', input));
    expect(answer).toMatchObject({ kind: 'refused', refusal: { reason: 'invalid_input', fields: [{ field, code }] } });
  });

  it('reports the quality and the flag it was told to', () => {
    const payload = { provider: 'scripted', model: 'scripted/echo', version: '1', input: { prompt: 'x', quality: 0.4, safety_flag: 'pii' } };
    const output = { raw: 'x', parts: [{ kind: 'text' as const, pointer: '', text: 'x' }], doubts: [] };
    expect(new ScriptedProvider().audit(output, payload)).toEqual({ text: 'x', quality: 0.4, flags: [{ flag: 'pii', score: 1, why: expect.any(String) }] });
  });

  it('knows nothing of a job id that it did not make, or of another payload', async () => {
    const provider = new ScriptedProvider();
    const request = requestOf('scripted/job', { prompt: 'mine' });
    const { jobId } = await launchedState(provider, request);
    expect(await provider.follow(jobId, { ...request.payload, input: { prompt: 'other' } })).toMatchObject({ ok: false, reason: 'gone' });
    await fc.assert(fc.asyncProperty(fc.string(), async (id) => {
      expect(await provider.follow(id, request.payload)).toMatchObject({ ok: false, reason: 'gone' });
      expect(await provider.cancel(id)).toMatchObject({ ok: false });
    }));
  });

  it('has forms with a field of each kind to edit', () => {
    const types = new Set(SCRIPTED_FORMS.flatMap((form) => form.fields.map((field) => (field.enum ? 'enum' : field.type))));
    expect([...types].sort()).toEqual(['boolean', 'enum', 'integer', 'number', 'string']);
    expect(new Set(SCRIPTED_FORMS.map((form) => form.digest)).size).toBe(SCRIPTED_FORMS.length);
  });
});
