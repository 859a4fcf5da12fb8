/// <reference types="jest" />
/*
 * What this is: what every AI provider must keep, whatever it is made of. Run it once per provider.
 * Invariant it tests: a paid call is made once, and no method of a provider ever throws or changes what it was given.
 * To extend: a promise that all providers keep goes here; one that only one keeps goes into that provider's spec.
 */
import { TOOLS } from '../run/words';
import type { AnswerAudit, CostEstimate, LaunchAnswer, OpenedOutput, ProviderOutput } from '../ports/ai-provider';
import { atPointer, deepFreeze, followToEnd, launchRequest, type AiProviderHarness } from './ai-provider-harness';

const NOT_MODELS = ['', ' ', 'no-slash', '/', 'a/', '/b', '../../etc/passwd', 'a/b/c', 'x'.repeat(5000), 'a/b?c=d#e', 'ä/ü\n'];
const FOREIGN_URLS = [
  'https://evil.example/out.png', 'http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', 'not a url', '',
  'https://replicate.delivery.evil.example/x', 'https://replicate.delivery@evil.example/x', 'ftp://replicate.delivery/x',
];
const NOW = '2026-11-22T12:00:00.000Z';
const SIX_MINUTES_LATER = '2026-11-22T12:06:00.000Z';

/** @param makeHarness a fresh stage for each test; closed by the suite. */
export function describeAiProvider(name: string, makeHarness: () => Promise<AiProviderHarness>): void {
  describe(`${name} keeps the AiProvider contract`, () => {
    let harness: AiProviderHarness;
    beforeEach(async () => {
      harness = await makeHarness();
      deepFreeze(harness.payload);
    });
    afterEach(() => harness.close());

    const launch = (payload = harness.payload, launchId?: string): Promise<LaunchAnswer> =>
      harness.provider.launch(launchRequest(harness, deepFreeze(payload), launchId));
    const launched = async (payload = harness.payload) => {
      const answer = await launch(payload);
      if (answer.kind !== 'launched') throw new Error(`not launched: ${JSON.stringify(answer)}`);
      return answer;
    };
    const succeeded = async (): Promise<ProviderOutput> => {
      const answer = await launched();
      const state = await followToEnd(harness.provider, answer.jobId, harness.payload, answer.state);
      if (state.status !== 'succeeded') throw new Error(`not succeeded: ${JSON.stringify(state)}`);
      return state.output;
    };

    it('says who it is', () => {
      const { provider } = harness;
      expect(provider.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(provider.title).not.toBe('');
      expect(provider.description).not.toBe('');
      for (const tool of provider.tools) expect(TOOLS).toContain(tool);
      for (const offered of provider.models()) expect(offered).toEqual({ model: expect.any(String), title: expect.any(String), description: expect.any(String) });
    });

    describe('form', () => {
      it('of a known model is resolved, and the same each time', async () => {
        const first = await harness.provider.form(harness.knownModel);
        if (!first.ok) throw new Error(`no form: ${first.reason} ${first.detail}`);
        expect(first.form).toMatchObject({ provider: harness.provider.name, model: harness.knownModel.model });
        expect(first.form.version).not.toBe('');
        expect(first.form.digest).toMatch(/^[0-9a-f]{64}$/);
        expect(await harness.provider.form({ ...harness.knownModel, version: first.form.version })).toMatchObject({ ok: true, form: { version: first.form.version, digest: first.form.digest } });
        expect(harness.createRequests()).toBe(0);
      });

      it('of every offered model can be had', async () => {
        for (const { model } of harness.provider.models()) {
          expect(await harness.provider.form({ model, version: null })).toMatchObject({ ok: true, form: { model } });
        }
      });

      it('of an unknown model is an answer', async () => {
        expect(await harness.provider.form(harness.unknownModel)).toMatchObject({ ok: false, reason: 'model_unknown', detail: expect.any(String) });
      });

      it('of what is no model name is an answer', async () => {
        for (const model of NOT_MODELS) expect(await harness.provider.form({ model, version: null })).toMatchObject({ ok: false });
      });
    });

    describe('launch', () => {
      it('ends in a result that can be kept', async () => {
        const answer = await launched();
        expect(answer.jobId).not.toBe('');
        if (harness.provider.capabilities.result === 'sync') expect(answer.state.status).toBe('succeeded');
        const state = await followToEnd(harness.provider, answer.jobId, harness.payload, answer.state);
        if (state.status !== 'succeeded') throw new Error(`not succeeded: ${JSON.stringify(state)}`);
        expect(state.output.doubts).toEqual([]);
        expect(state.output.parts.length).toBeGreaterThan(0);
        for (const part of state.output.parts) {
          expect(atPointer(state.output.raw, part.pointer)).toBeDefined();
          if (part.kind !== 'file') continue;
          if ('bytes' in part.source) expect(part.source.bytes.byteLength).toBeGreaterThan(0);
          else expect(await sizeOf(await harness.provider.openOutput(part.source.url, new AbortController().signal))).toBeGreaterThan(0);
        }
        expect(harness.createRequests()).toBe(1);
      });

      it('of an unknown model is refused', async () => {
        const payload = { ...harness.payload, model: harness.unknownModel.model, version: harness.unknownModel.version ?? '' };
        expect(await launch(payload)).toMatchObject({ kind: 'refused', refusal: { reason: 'model_not_found' } });
        expect(harness.createRequests()).toBeLessThanOrEqual(1);
      });

      it('of an invalid input is refused with the field named', async () => {
        if (!harness.refused) return;
        const answer = await launch(harness.refused.payload);
        expect(answer).toMatchObject({ kind: 'refused', refusal: { reason: 'invalid_input' } });
        if (answer.kind !== 'refused') return;
        expect(answer.refusal.message).not.toBe('');
        expect(answer.refusal.fields.map((each) => each.field)).toContain(harness.refused.field);
      });

      it('hands over a file only we can read', async () => {
        if (!harness.ownFile) return;
        const answer = await launched(harness.ownFile.payload);
        const state = await followToEnd(harness.provider, answer.jobId, harness.ownFile.payload, answer.state);
        expect(state.status).toBe('succeeded');
      });

      it('asks for nothing when an input file cannot be opened', async () => {
        if (!harness.ownFile) return;
        const request = { ...launchRequest(harness, harness.ownFile.payload), openInput: () => Promise.reject(new Error('no such file')) };
        expect(await harness.provider.launch(request)).toMatchObject({ kind: 'refused' });
        expect(harness.createRequests()).toBe(0);
      });

      it('asks for nothing when it was already called off', async () => {
        const answer = await harness.provider.launch({ ...launchRequest(harness, harness.payload), signal: AbortSignal.abort() });
        expect(answer.kind).toBe('refused');
        expect(harness.createRequests()).toBe(0);
      });

      it('with its answer lost is unclear, asked for once, and found again where it can be', async () => {
        if (!harness.loseNextAnswer) return;
        harness.loseNextAnswer();
        const submittedAt = new Date().toISOString();
        expect(await launch()).toMatchObject({ kind: 'unclear' });
        expect(harness.createRequests()).toBe(1);
        if (harness.provider.capabilities.reconcile !== 'list') return;
        const trace = { launchId: 'launch-1', payload: harness.payload, submittedAt, claimedJobIds: [] };
        const found = await harness.provider.reconcile(trace);
        if (found.kind !== 'found') throw new Error(`not found: ${JSON.stringify(found)}`);
        expect(await followToEnd(harness.provider, found.jobId, harness.payload, found.state)).toMatchObject({ status: 'succeeded' });
        expect(await harness.provider.reconcile({ ...trace, claimedJobIds: [found.jobId] })).toEqual({ kind: 'not_found' });
        expect(harness.createRequests()).toBe(1);
      });

      it('twice with one key is one run', async () => {
        if (harness.provider.capabilities.idempotency !== 'key') return;
        const first = await launch(harness.payload, 'one-key');
        const second = await launch(harness.payload, 'one-key');
        expect(second.kind).toBe(first.kind);
        if (first.kind === 'launched' && second.kind === 'launched') expect(second.jobId).toBe(first.jobId);
      });

      it('without a connection is refused, as are all the other questions', async () => {
        if (!harness.disconnect) return;
        await harness.disconnect();
        expect(await launch()).toMatchObject({ kind: 'refused', refusal: { reason: 'unreachable' } });
        // Who answers in the call itself keeps nothing to be asked for, and knows its own forms.
        if (harness.provider.capabilities.result === 'sync') return;
        expect(await harness.provider.form(harness.knownModel)).toMatchObject({ ok: false, reason: 'unavailable' });
        expect(await harness.provider.follow('job0', harness.payload)).toMatchObject({ ok: false, reason: 'unavailable' });
        expect(await harness.provider.cancel('job0')).toMatchObject({ ok: false });
        expect(await harness.provider.reconcile({ launchId: 'l', payload: harness.payload, submittedAt: NOW, claimedJobIds: [] })).toMatchObject({ kind: 'unavailable' });
      });
    });

    describe('follow, cancel and reconcile', () => {
      it('follow of an unknown job says it is gone', async () => {
        for (const jobId of ['nojob', '', '../secret', 'x'.repeat(5000)]) {
          expect(await harness.provider.follow(jobId, harness.payload)).toMatchObject({ ok: false, reason: 'gone' });
        }
      });

      it('follow of a finished job says the same again', async () => {
        if (harness.provider.capabilities.result !== 'job') return;
        const answer = await launched();
        const state = await followToEnd(harness.provider, answer.jobId, harness.payload);
        expect(await harness.provider.follow(answer.jobId, harness.payload)).toEqual({ ok: true, state });
      });

      it('cancel stops a job, and may be said twice', async () => {
        if (!harness.provider.capabilities.cancel || !harness.slow) return;
        const slow = harness.slow;
        const answer = await launched(slow);
        expect(await harness.provider.cancel(answer.jobId)).toMatchObject({ ok: true });
        expect(await harness.provider.cancel(answer.jobId)).toMatchObject({ ok: true });
        const state = await followToEnd(harness.provider, answer.jobId, slow);
        expect(['cancelled', 'aborted']).toContain(state.status);
      });

      it('cancel of an unknown job, or where there is no cancel, is an answer', async () => {
        expect(await harness.provider.cancel('nojob')).toMatchObject({ ok: false, detail: expect.any(String) });
      });

      it('reconcile of what was never launched finds and makes nothing', async () => {
        const answer = await harness.provider.reconcile({ launchId: 'never', payload: harness.payload, submittedAt: new Date().toISOString(), claimedJobIds: [] });
        expect(answer).toEqual({ kind: 'not_found' });
        expect(harness.createRequests()).toBe(0);
      });
    });

    describe('pure questions', () => {
      it('estimate and cost are pure, and unknown stays unknown', () => {
        const metrics = deepFreeze({ computeSeconds: 2, totalSeconds: 3 });
        const nothing = deepFreeze({ computeSeconds: null, totalSeconds: null });
        const ask = (): CostEstimate[] => [
          harness.provider.estimate(harness.payload), harness.provider.cost(harness.payload, metrics), harness.provider.cost(harness.payload, nothing),
          harness.provider.estimate(deepFreeze({ ...harness.payload, model: 'nobody/unpriced', input: {} })),
        ];
        expect(ask()).toEqual(ask());
        for (const { amount, currency, basis } of ask()) {
          expect(currency).toBe('USD');
          expect(basis).not.toBe('');
          if (!harness.provider.capabilities.paid) expect(amount).toBe(0);
          else if (amount !== null) expect(amount).toBeGreaterThanOrEqual(0);
        }
      });

      it('audit is pure and stays within 0..1', async () => {
        const output = deepFreeze(await succeeded());
        const audit = (): AnswerAudit => harness.provider.audit(output, harness.payload);
        expect(audit()).toEqual(audit());
        expect(audit().quality ?? 0).toBeGreaterThanOrEqual(0);
        expect(audit().quality ?? 1).toBeLessThanOrEqual(1);
        for (const { flag, score, why } of audit().flags) {
          expect([flag, why]).not.toContain('');
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      });
    });

    describe('call-backs', () => {
      it('are refused where there are none', () => {
        if (harness.provider.capabilities.callbacks) return;
        expect(harness.provider.readCallback({ rawBody: new TextEncoder().encode('{"id":"job1"}'), headers: {} }, NOW)).toEqual({ ok: false, reason: 'not_configured' });
      });

      it('are believed only when signed, whole and fresh', () => {
        if (!harness.provider.capabilities.callbacks || !harness.signCallback) return;
        const signed = harness.signCallback('job1', NOW);
        const read = (change: Partial<typeof signed>, now = NOW) => harness.provider.readCallback({ ...signed, ...change }, now);
        expect(read({})).toEqual({ ok: true, jobId: 'job1' });
        expect(read({}, SIX_MINUTES_LATER)).toEqual({ ok: false, reason: 'too_old' });
        expect(read({ rawBody: new TextEncoder().encode('{"id":"job2"}') })).toEqual({ ok: false, reason: 'bad_signature' });
        expect(read({ headers: {} })).toMatchObject({ ok: false });
        expect(read({ rawBody: new Uint8Array() })).toMatchObject({ ok: false });
      });
    });

    it('opens no output on a foreign host', async () => {
      for (const url of FOREIGN_URLS) await expect(harness.provider.openOutput(url, new AbortController().signal)).rejects.toThrow();
    });
  });
}

async function sizeOf(file: OpenedOutput): Promise<number> {
  let bytes = 0;
  for await (const chunk of file.read()) bytes += chunk.byteLength;
  return bytes;
}
