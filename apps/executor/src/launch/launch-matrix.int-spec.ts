import { addMs, costOfLaunches, type Approval, type Decision, type Run, type Status } from '@countersign/core';
import { aDecision, aPayload } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { aJobPayload, approvedRun } from '../testing/approved-run';
import { executorStage, type ExecutorStage, type Hands } from '../testing/executor-stage';
import { HandOrchestrator, type ExecutorJob } from '../testing/hand-orchestrator';
import { LaunchInHand, PRICE, type Kind } from '../testing/launch-in-hand';

/** Where a launch stands. The row is the call: from `committed` on it is under way, whatever anybody wishes. */
const MOMENTS = ['rung', 'committed', 'calling', 'running', 'recorded', 'asked after a failure'] as const;
/** `decision`: a yes and a no at once, from other connections. `resume`: after a pause. `retry`: of the person, and of the queue. */
const WISHES = ['pause', 'cancel', 'decision', 'resume', 'retry'] as const;
type Moment = (typeof MOMENTS)[number];
type Wish = (typeof WISHES)[number];
type Ended = Extract<Status, 'completed' | 'cancelled'>;

/** How it ends, and with how many create requests in all; both ways where one of two racers wins. */
type Outcome = [Ended, creates: number] | { either: [Ended, number][] };
const ONCE: Outcome = ['completed', 1];
const AGAIN: Outcome = ['completed', 2];
const EXPECTED: Record<Moment, Record<Wish, Outcome>> = {
  rung: { pause: ONCE, cancel: ['cancelled', 0], decision: ONCE, resume: ONCE, retry: ONCE },
  committed: { pause: ONCE, cancel: ['cancelled', 1], decision: ONCE, resume: ONCE, retry: ONCE },
  calling: { pause: ONCE, cancel: ['cancelled', 1], decision: ONCE, resume: ONCE, retry: ONCE },
  running: { pause: ONCE, cancel: ['cancelled', 1], decision: ONCE, resume: ONCE, retry: ONCE },
  recorded: { pause: ONCE, cancel: ['cancelled', 1], decision: ONCE, resume: ONCE, retry: ONCE },
  'asked after a failure': { pause: AGAIN, cancel: ['cancelled', 1], decision: { either: [['cancelled', 1], ['completed', 2]] }, resume: AGAIN, retry: AGAIN },
};
/** A call whose answer is the result never runs on its own. */
const KINDS: Record<Moment, readonly Kind[]> = {
  rung: ['sync', 'job'], committed: ['sync', 'job'], calling: ['sync', 'job'], running: ['job'], recorded: ['sync', 'job'], 'asked after a failure': ['sync', 'job'],
};
const CELLS = MOMENTS.flatMap((moment) => WISHES.flatMap((wish) => KINDS[moment].map((kind) => [moment, wish, kind] as const)));
/** 5 wishes × 11 places where a launch can stand. A cell that is taken away is missed here. */
const CELL_COUNT = 55;
/** Looks that executors get before jobs end by themselves: a lost answer is found by the first, its job is seen to by the second. */
const ROUNDS_BEFORE_JOBS_END = 3;
/** Enough for a second attempt to end as well. */
const ROUNDS = 8;

describe('a wish at every moment of a launch (invariant 7)', () => {
  let stage: ExecutorStage;
  let other: Hands;
  const ran: string[] = [];
  beforeAll(async () => {
    stage = await executorStage();
    other = await stage.another();
  });
  afterAll(() => stage.close());

  it.each(CELLS)('%s, then %s (%s)', async (moment, wish, kind) => {
    const cell = new Cell(stage, other, kind);
    try {
      await cell.bring(moment);
      await cell.wish(moment, wish);
      await cell.end(EXPECTED[moment][wish], wish === 'cancel');
      if (wish === 'cancel') await cell.hasCalledOff(moment);
      ran.push([moment, wish, kind].join());
    } finally {
      cell.close();
    }
  });

  it('misses no cell', () => {
    expect(CELLS).toHaveLength(CELL_COUNT);
    expect(ran).toEqual(CELLS.map((cell) => cell.join()));
  });
});

/** One run, in one cell. */
class Cell {
  private readonly orchestrator = new HandOrchestrator(this.stage);
  private readonly hand = new LaunchInHand(this.stage, this.kind);
  private readonly underWay: Promise<void>[] = [];
  private run: Run;
  private jobs: ExecutorJob[] = [];

  constructor(private readonly stage: ExecutorStage, private readonly other: Hands, private readonly kind: Kind) {}

  async bring(moment: Moment): Promise<void> {
    this.run = await approvedRun(this.stage, { payload: this.kind === 'sync' ? aPayload() : aJobPayload(), decision: {}, config: { allowedSteps: ['payload_review'] } });
    this.jobs = [{ job: 'execution.launch', runId: this.run.runId, attempt: 1 }];
    if (moment === 'rung') return;
    if (moment === 'asked after a failure') this.hand.failsFirst = true;
    else if (moment !== 'recorded') this.hand.holdAnswer();
    const gate = moment === 'committed' ? this.hand.holdAfterBegin() : null;
    this.underWay.push(this.stage.launchOnce.launch(this.run.runId, 1));
    if (gate) return waitFor(() => gate.isBegun(), { what: 'the launch to be committed' }).then(() => undefined);
    await this.hand.untilCalled(1);
    if (moment === 'calling') return;
    if (moment === 'running') this.hand.letAnswers();
    await this.settled();
    if (moment === 'running') return expect((await this.stage.launchOf(this.run.runId)).status).toBe('launched');
    this.hand.letGo();
    await this.stage.look.lookById((await this.stage.launchOf(this.run.runId)).launchId);
    if (moment === 'asked after a failure') expect(await this.orchestrator.advance(this.run.runId)).toMatchObject({ status: 'awaiting_human', step: 'api_call' });
    else expect((await this.stage.launchOf(this.run.runId)).status).toBe('succeeded');
  }

  async wish(moment: Moment, wish: Wish): Promise<void> {
    const isAsked = moment === 'asked after a failure';
    switch (wish) {
      case 'cancel': return void (await this.command('cancel'));
      case 'pause': return this.pause(moment, isAsked);
      case 'resume':
        await this.command('pause');
        await this.command('resume');
        if (isAsked) await this.decide('retry');
        return;
      case 'decision': {
        const answers = await Promise.all([this.decide('reject'), this.decide(isAsked ? 'retry' : 'approve')]);
        return expect(answers.filter(Boolean)).toHaveLength(isAsked ? 1 : 0);
      }
      case 'retry': {
        const answers = await Promise.all([this.decide('retry'), this.decide('retry')]);
        return expect(answers.filter(Boolean)).toHaveLength(isAsked ? 1 : 0);
      }
    }
  }

  /** Everything happens that can: calls answer, jobs run and then end, doorbells ring twice, on both executors. */
  async world(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round < ROUNDS_BEFORE_JOBS_END) this.hand.letAnswers();
      else this.hand.letGo();
      this.jobs.push(...this.orchestrator.takeJobs());
      for (const { job, runId, attempt } of this.jobs.splice(0)) {
        for (const hands of [this.other, this.stage]) this.underWay.push(job === 'execution.stop' ? hands.stopJob.stop(runId, attempt) : hands.launchOnce.launch(runId, attempt));
      }
      await this.settled();
      for (const { launchId } of await this.stage.launches.ofRun(this.run.runId)) await Promise.all([this.other, this.stage].map(({ look }) => look.lookById(launchId)));
      await Promise.all([this.orchestrator.advance(this.run.runId), this.orchestrator.advance(this.run.runId)]);
    }
  }

  async end(expected: Outcome, isCancel: boolean): Promise<void> {
    await this.world();
    const run = await this.now();
    const creates = this.creates();
    const outcome = [run.status, creates.length];
    if (Array.isArray(expected)) expect(outcome).toEqual(expected);
    else expect(expected.either).toContainEqual(outcome);
    // Never two requests for one attempt, and each with the launch of its own attempt.
    expect(new Set(creates).size).toBe(creates.length);
    const launches = await this.stage.launches.ofRun(run.runId);
    expect(launches.map(({ attempt }) => attempt)).toEqual(launches.map((_, index) => index + 1));
    expect(launches).toHaveLength(creates.length);
    expect((await this.stage.approvals.ofRun(run.runId)).filter(({ status }) => status === 'pending')).toEqual([]);
    expect(run.output?.text ?? null).toBe(run.status === 'completed' ? 'a fox' : null);
    const cost = costOfLaunches(launches);
    if (isCancel && launches.some(({ outcome: end }) => end?.kind === 'stopped')) expect(cost).toMatchObject({ amount: null, basis: 'it was stopped while it ran' });
    else expect(cost?.amount ?? 0).toBeCloseTo(creates.length * (PRICE.amount ?? 0));
  }

  /** What is under way is stopped where it can be: the call while it is under way here, the job wherever it runs. */
  async hasCalledOff(moment: Moment): Promise<void> {
    const last = (await this.stage.runs.events(this.run.runId, 0, 100)).at(-1);
    // Whoever cancels cannot know how far the call has come: it says so, unless the run stood with a person.
    expect([last?.type, last?.metadata.may_cost ?? false]).toEqual(['cancelled', moment !== 'asked after a failure']);
    const { cancelled } = this.stage.provider;
    const creates = this.creates();
    const mayStop = ['committed', 'calling', 'running'].includes(moment) && this.kind === 'job';
    expect([...new Set(cancelled)]).toEqual(mayStop ? creates : []);
    expect(this.hand.abortedCalls).toEqual(moment === 'calling' ? creates : []);
  }

  close(): void {
    this.hand.letGo();
    this.hand.restore();
  }

  /** It stands still whatever happens outside; nothing new is called; what was under way is taken up after the resume. */
  private async pause(moment: Moment, isAsked: boolean): Promise<void> {
    await this.command('pause');
    if (isAsked) expect(await this.decide('retry')).toBe(true);
    await this.world();
    expect(await this.now()).toMatchObject({ status: 'paused', step: 'api_call', output: null });
    expect(this.creates()).toHaveLength(moment === 'rung' ? 0 : 1);
    const outcomes = (await this.stage.launches.ofRun(this.run.runId)).map(({ status }) => status);
    expect(outcomes).toEqual(moment === 'rung' ? [] : [isAsked ? 'failed' : 'succeeded']);
    await this.command('resume');
  }

  private async command(name: 'pause' | 'resume' | 'cancel'): Promise<void> {
    await this.orchestrator.command(this.run.runId, name);
    // Cancelling is heard by the executors while the call is still under way.
    if (name !== 'cancel') return;
    for (const { runId, attempt } of this.orchestrator.takeJobs()) for (const hands of [this.other, this.stage]) await hands.stopJob.stop(runId, attempt);
  }

  /** True when this answer is the one that counts. */
  private async decide(action: Decision['action']): Promise<boolean> {
    const approvals = await this.stage.approvals.ofRun(this.run.runId);
    const asked = approvals.at(-1) as Approval;
    const at = addMs(this.stage.clock.now(), 1);
    const decision = aDecision({ action, at, by: `human:${action}`, ...(action === 'reject' && { reason: 'no' }) });
    return (await this.stage.approvals.record(asked.approvalId, action === 'reject' ? 'rejected' : 'approved', decision, [])).ok;
  }

  /** Launch ids of all create requests, one a request. */
  private creates(): string[] {
    return this.stage.provider.launched.map(({ launchId }) => launchId);
  }

  private async settled(): Promise<void> {
    await Promise.all(this.underWay.splice(0));
  }

  private async now(): Promise<Run> {
    const run = await this.stage.runs.find(this.run.runId);
    if (!run) throw new Error('no run');
    return run;
  }
}
