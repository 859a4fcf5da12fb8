/// <reference types="jest" />
/*
 * What this is: the promises of a RunStore, run on every adapter.
 * Invariants it tests: a run moves only from the version it was read at, and everything a move causes is committed with
 * it or not at all (2, 4); the history is a chain.
 */
import type { RunEvent, StepEvent } from '../run/events';
import { pendingApprovalOf, type Run } from '../run/run';
import { inOneGo } from '../run/transition';
import { canonicalJson } from '../payload/canonical-json';
import type { CommitAnswer } from '../ports/run-store';
import { aCommand, aDecision, aLaunch, aNewRun, anApproval, NOON, testId } from './factories';
import { fittingEvent } from './fitting-event';
import { aBell, allowed, insertRun, LATER, move, storedRun, type StoreStage } from './store-stage';

const RACERS = 20;
/** What databases and hashes like to stumble over. */
const ODD_INPUT = {
  unicode: 'ä €😀 \u2028 "quoted" \\back\\ \n\t', '': 'empty name', nested: [[[{ a: [null, true, -0.5] }]]],
  numbers: [1e21, 1e-7, 5e-324, 1.7976931348623157e308, 9007199254740993, 0.1], 'null': null, constructor: 'c', empty: {}, list: [],
};

export function runStoreContract(stage: () => StoreStage): void {
  const everything = async () => (await stage().outbox.unrung(-60_000, 10_000)).map(({ job, data, notBefore }) => ({ job, data, notBefore }));

  describe('insert', () => {
    it('keeps the run, its first event and its doorbells', async () => {
      const run = aNewRun({ originalInput: ODD_INPUT, tool: 'replicate-agent-tool', modelVersion: 'v1', parentRunId: testId() });
      const bells = [aBell(), aBell({ job: 'run.start', data: { run_id: run.runId }, notBefore: LATER })];
      const answer = await stage().runs.insert(run, bells, null);
      if (answer.kind !== 'inserted') throw new Error(answer.kind);
      expect(answer.bells).toEqual(bells.map((bell) => ({ ...bell, id: expect.stringMatching(/^\d+$/) })));
      expect(Number(answer.bells[0]?.id)).toBeLessThan(Number(answer.bells[1]?.id));
      const [created] = await stage().runs.events(run.runId, 0, 10);
      expect(created).toMatchObject({ seq: 1, type: 'created', step: 'created', status: 'queued', actor: 'human:ann', at: NOON, prevHash: '0'.repeat(64) });
      expect(await stage().runs.find(run.runId)).toEqual({ ...run, eventHash: created?.hash });
      expect(await everything()).toEqual(expect.arrayContaining(bells));
    });

    it('of a used idempotency key gives the first run, or says that the body was another', async () => {
      const first = aNewRun();
      const key = { key: `key-${first.runId}`, bodyHash: '1'.repeat(64) };
      expect(await stage().runs.insert(first, [], key)).toMatchObject({ kind: 'inserted' });
      const bell = aBell();
      const again = await stage().runs.insert(aNewRun(), [bell], key);
      expect(again).toMatchObject({ kind: 'existing', run: { runId: first.runId } });
      expect(await stage().runs.insert(aNewRun(), [bell], { ...key, bodyHash: '2'.repeat(64) })).toEqual({ kind: 'conflict', runId: first.runId });
      expect(await everything()).not.toContainEqual(bell);
    });

    it('lets each user and tenant use a key, and does without', async () => {
      const key = { key: `key-${testId()}`, bodyHash: '1'.repeat(64) };
      for (const over of [{}, { userId: 'bob' }, { tenantId: 'other' }]) {
        expect(await stage().runs.insert(aNewRun(over), [], key)).toMatchObject({ kind: 'inserted' });
      }
      for (const run of [aNewRun(), aNewRun()]) expect(await stage().runs.insert(run, [], null)).toMatchObject({ kind: 'inserted' });
    });

    it('of racing calls with one key makes one run', async () => {
      const key = { key: `key-${testId()}`, bodyHash: '1'.repeat(64) };
      const answers = await Promise.all(Array.from({ length: RACERS }, () => stage().runs.insert(aNewRun(), [], key)));
      expect(answers.filter(({ kind }) => kind === 'inserted')).toHaveLength(1);
      expect(new Set(answers.flatMap((answer) => (answer.kind === 'existing' ? [answer.run.runId] : []))).size).toBe(1);
    });
  });

  it('finds nothing where there is nothing', async () => {
    expect(await stage().runs.find(testId())).toBeNull();
    expect(await stage().runs.events(testId(), 0, 10)).toEqual([]);
  });

  describe('commit', () => {
    it('keeps a run through its whole life exactly as it was moved', async () => {
      let run: Run = await insertRun(stage());
      for (const type of ['started', 'prepared', 'asked', 'paused', 'resumed', 'extended', 'approved', 'relaunched', 'executed', 'asked', 'accepted'] as const) {
        run = await move(stage(), run, type);
        expect(await stage().runs.find(run.runId)).toEqual(run);
      }
      expect(run).toMatchObject({ status: 'completed', version: 12, attempt: 2 });
    });

    it.each(['completed', 'failed', 'cancelled', 'expired', 'paused', 'awaiting_human'] as const)('keeps what a run that is %s owns', async (status) => {
      const run = await storedRun(stage(), status, 'response_review');
      expect(await stage().runs.find(run.runId)).toEqual(run);
    });

    it('of a stale version changes nothing (invariant 4)', async () => {
      const run = await insertRun(stage());
      const moved = await move(stage(), run, 'started');
      const bell = aBell();
      expect(await stage().runs.commit(allowed(run, 'cancelled'), [bell], [])).toEqual({ ok: false, reason: 'stale' });
      expect(await stage().runs.commit(allowed({ ...run, runId: testId() }, 'cancelled'), [bell], [])).toEqual({ ok: false, reason: 'stale' });
      expect(await stage().runs.find(run.runId)).toEqual(moved);
      expect(await stage().runs.events(run.runId, 0, 10)).toHaveLength(2);
      expect(await everything()).not.toContainEqual(bell);
    });

    it('of racing moves lets one win', async () => {
      const run = await insertRun(stage());
      const events = ['started', 'cancelled', 'paused', 'failed'] as const;
      const answers: CommitAnswer[] = await Promise.all(
        Array.from({ length: RACERS }, (_, n) => stage().runs.commit(allowed(run, events[n % events.length] ?? 'started'), [aBell({ data: { racer: n, run_id: run.runId } })], [])),
      );
      const winners = answers.flatMap((answer, n) => (answer.ok ? [{ ...answer, n }] : []));
      expect(winners).toHaveLength(1);
      expect(await stage().runs.find(run.runId)).toEqual(winners[0]?.run);
      expect(await stage().runs.events(run.runId, 0, 10)).toHaveLength(2);
      expect((await everything()).filter(({ data }) => data.run_id === run.runId).map(({ data }) => data.racer)).toEqual([winners[0]?.n]);
    });

    it('of two moves in one go writes both lines, or none (invariant 4)', async () => {
      const run = await insertRun(stage());
      const first = allowed(run, 'started');
      const both = inOneGo(first, allowed(first.run, 'prepared'));
      const answer = await stage().runs.commit(both, [], []);
      if (!answer.ok) throw new Error(answer.reason);
      expect(await stage().runs.find(run.runId)).toEqual(answer.run);
      expect(answer.run).toMatchObject({ version: 3, step: 'payload_review' });
      const history = await stage().runs.events(run.runId, 0, 10);
      expect(history.map(({ seq, type }) => [seq, type])).toEqual([[1, 'created'], [2, 'started'], [3, 'prepared']]);
      expectChain(history);
      expect(await stage().runs.commit(both, [], [])).toEqual({ ok: false, reason: 'stale' });
      expect(await stage().runs.events(run.runId, 0, 10)).toHaveLength(3);
    });

    it('gives doorbells back in order, with their ids', async () => {
      const run = await insertRun(stage());
      const bells = Array.from({ length: 5 }, (_, n) => aBell({ notBefore: n % 2 === 0 ? null : LATER }));
      const answer = await stage().runs.commit(allowed(run, 'started'), bells, []);
      if (!answer.ok) throw new Error(answer.reason);
      expect(answer.bells.map(({ id: _id, ...bell }) => bell)).toEqual(bells);
      const ids = answer.bells.map(({ id }) => Number(id));
      expect(ids).toEqual([...ids].sort((one, other) => one - other));
      await stage().outbox.markRung(answer.bells.slice(0, 2).map(({ id }) => id));
      expect((await everything()).filter((bell) => bells.some(({ data }) => data.run_id === bell.data.run_id))).toEqual(bells.slice(2));
    });

    it('opens the approval it asks for, and cancels all that are open when the run ends', async () => {
      const run = await storedRun(stage(), 'running', 'payload_review');
      const approval = anApproval({ runId: run.runId, context: ODD_INPUT });
      const waiting = await move(stage(), run, { type: 'asked', approval });
      expect(await stage().approvals.find(approval.approvalId)).toEqual(approval);
      const browser = anApproval({ runId: run.runId, checkpoint: 'browser_action', requestId: 'r-1' });
      await stage().approvals.open(browser, []);
      const stranger = await storedRun(stage(), 'awaiting_human');
      await move(stage(), waiting, 'cancelled');
      expect((await stage().approvals.ofRun(run.runId)).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
      expect((await stage().approvals.ofRun(stranger.runId)).map(({ status }) => status)).toEqual(['pending']);
    });

    it('puts other words for a question in the place of its own, once, and only while nobody answered', async () => {
      const asked = await storedRun(stage(), 'awaiting_human', 'payload_review');
      const approvalId = pendingApprovalOf(asked) ?? '';
      const first = await stage().approvals.find(approvalId);
      const worded = (n: number): RunEvent => ({
        type: 'noted', note: { fact: 'approval_worded', approvalId, actor: 'system', message: 'worded', metadata: {}, wording: { message: `Which picture? (${n})`, by: 'house:small', callId: `call-${n}` } },
      });
      const once = await move(stage(), asked, worded(1));
      const then = await stage().approvals.find(approvalId);
      expect(then).toEqual({ ...first, message: 'Which picture? (1)', context: { ...first?.context, wording: { by: 'house:small', call_id: 'call-1', rule_message: first?.message } } });
      await move(stage(), once, worded(2));
      expect(await stage().approvals.find(approvalId)).toEqual(then);
      const other = await storedRun(stage(), 'awaiting_human', 'payload_review');
      const otherId = pendingApprovalOf(other) ?? '';
      const answered = await stage().approvals.record(otherId, 'approved', aDecision(), []);
      await move(stage(), other, { type: 'noted', note: { fact: 'approval_worded', approvalId: otherId, actor: 'system', message: 'worded', metadata: {}, wording: { message: 'late', by: 'house:small', callId: 'call-3' } } });
      expect(answered.ok).toBe(true);
      expect(await stage().approvals.find(otherId)).toEqual(answered.approval);
    });

    it('marks the commands it acted on, those of its own run only', async () => {
      const run = await insertRun(stage());
      const other = await insertRun(stage());
      const [mine, open, theirs] = [aCommand({ runId: run.runId }), aCommand({ runId: run.runId }), aCommand({ runId: other.runId })];
      for (const command of [mine, open, theirs]) await stage().commands.request(command, []);
      await stage().runs.commit(allowed(run, 'paused'), [], [mine.commandId, theirs.commandId]);
      expect(await stage().commands.find(mine.commandId)).toEqual({ ...mine, outcome: 'done' });
      expect(await stage().commands.open(run.runId)).toEqual([open]);
      expect(await stage().commands.open(other.runId)).toEqual([theirs]);
    });

    it('of a recovery sets the lost launch on the job that a person named', async () => {
      const { run, launch } = await lostLaunch();
      await move(stage(), run, { type: 'recovered', by: 'human:ann', jobId: `job-${launch.launchId}` });
      expect(await stage().launches.find(launch.launchId)).toMatchObject({
        status: 'launched', jobId: `job-${launch.launchId}`, outcome: null, finishedAt: null, nextCheckAt: LATER,
      });
    });

    it('of a recovery by a job that another launch owns moves the run and leaves the launch unknown', async () => {
      const first = await lostLaunch();
      await move(stage(), first.run, { type: 'recovered', by: 'human:ann', jobId: `job-${first.launch.launchId}` });
      const { run, launch } = await lostLaunch();
      expect(await move(stage(), run, { type: 'recovered', by: 'human:ann', jobId: `job-${first.launch.launchId}` })).toMatchObject({ status: 'running' });
      expect(await stage().launches.find(launch.launchId)).toMatchObject({ status: 'unknown', jobId: null, outcome: { kind: 'unknown' } });
    });

    it('keeps words that a provider broke', async () => {
      const run = await storedRun(stage(), 'running', 'api_call');
      const error = { code: 'MODEL_ERROR', message: 'NUL \0 and half a pair \ud83d', detail: '\ude00\0' };
      const failed = await move(stage(), run, { type: 'failed', error });
      expect(await stage().runs.find(run.runId)).toEqual(failed);
      const history = await stage().runs.events(run.runId, 0, 100);
      expect(history.at(-1)?.message).toBe('NUL \ufffd and half a pair \ufffd');
      expectChain(history);
    });

    async function lostLaunch() {
      const running = await storedRun(stage(), 'running', 'api_call');
      const launch = aLaunch({ runId: running.runId, attempt: running.attempt });
      await stage().launches.begin(launch);
      await stage().launches.change(launch.launchId, {
        status: 'unknown', finishedAt: NOON, nextCheckAt: null, outcome: { kind: 'unknown', detail: 'lost', jobIds: [] },
      }, []);
      return { run: await move(stage(), running, 'asked'), launch };
    }
  });

  describe('events', () => {
    it('form a chain from which nothing can be taken, and whose last hash the run carries', async () => {
      const run = await storedRun(stage(), 'completed', 'response_review');
      const history = await stage().runs.events(run.runId, 0, 100);
      expectChain(history);
      expect(history.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(run.eventHash).toBe(history.at(-1)?.hash);
      expect(run.version).toBe(history.length);
    });

    it('come in order, from after a place, so many', async () => {
      const run = await storedRun(stage(), 'completed', 'response_review');
      expect((await stage().runs.events(run.runId, 2, 3)).map(({ seq }) => seq)).toEqual([3, 4, 5]);
      expect(await stage().runs.events(run.runId, 6, 3)).toEqual([]);
    });

    it('come with the run and its approvals as they stand', async () => {
      for (const run of [await storedRun(stage(), 'completed', 'response_review'), await storedRun(stage(), 'awaiting_human', 'payload_review')]) {
        const whole = await stage().runs.withHistory(run.runId, 100);
        expect(whole).toEqual({
          run: await stage().runs.find(run.runId), events: await stage().runs.events(run.runId, 0, 100), approvals: await stage().approvals.ofRun(run.runId),
        });
        expect((await stage().runs.withHistory(run.runId, 2))?.events).toEqual(whole?.events.slice(0, 2));
        expect(await stage().runs.withHistory(run.runId, 0)).toEqual({ ...whole, events: [] });
      }
      expect(await stage().runs.withHistory(testId(), 1)).toBeNull();
    });

    it('carry what happened', async () => {
      const run = await storedRun(stage(), 'running', 'api_call');
      const event = fittingEvent(run, 'executed');
      await move(stage(), run, event);
      expect((await stage().runs.events(run.runId, run.version, 1))[0]).toMatchObject({ type: 'executed', actor: 'provider:scripted', metadata: { provider_ms: 1000 } });
    });
  });

  function expectChain(history: StepEvent[]): void {
    history.reduce((prevHash, { hash, ...event }) => {
      expect(event.prevHash).toBe(prevHash);
      expect(hash).toBe(stage().sha256(canonicalJson({ ...event })));
      return hash;
    }, '0'.repeat(64));
  }
}
