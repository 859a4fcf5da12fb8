import { verifyChain } from '@countersign/core';
import { dieEverywhere, type CrashPath } from '@countersign/testing';
import { orchestratorStage, type Orchestrator, type OrchestratorStage } from './testing/orchestrator-stage';
import { aSuccess, People } from './testing/people';

/** Past the time after which a doorbell counts as lost (10 s). */
const LATER_MS = 30_000;
/** Rounds of doorbells in which anything has to come to rest. */
const MAX_ROUNDS = 8;
const BELLS = 500;

describe('an orchestrator that dies at any call of a move', () => {
  let stage: OrchestratorStage;
  let mortal: Awaited<ReturnType<OrchestratorStage['mortal']>>;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    mortal = await stage.mortal();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  const bellsFor = async (runId: string) => (await stage.overdue.bells(stage.clock.now(), BELLS)).filter(({ data }) => data.run_id === runId);
  const isOurs = (job: string): job is keyof Orchestrator['handlers'] => Object.hasOwn(stage.handlers, job);

  /** The next process: Redis has forgotten everything, only the sweeper rings. */
  async function resume(runId: string): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      stage.clock.skip(LATER_MS);
      const bells = (await bellsFor(runId)).filter(({ job }) => isOurs(job));
      if (bells.length === 0) return;
      for (const { job, data } of bells) if (isOurs(job)) await stage.handlers[job](data as never);
    }
  }

  /** Everything on record, without ids and times. */
  async function endOf(runId: string) {
    const [run, events, approvals, launches] = await Promise.all([
      people.run(runId), stage.history(runId), stage.approvals.ofRun(runId), stage.launches.ofRun(runId),
    ]);
    const commands = await stage.query<{ name: string; outcome: string | null }>('SELECT name, outcome FROM hitl_commands WHERE run_id = $1', [runId]);
    expect(verifyChain(events, stage.sha256)).toBeNull();
    stage.clock.skip(LATER_MS);
    return {
      run: { status: run.status, step: run.step, version: run.version, attempt: run.attempt, by: run.consent?.by ?? null, text: run.output?.text ?? null },
      events: events.map(({ seq, type, status, actor }) => `${seq} ${type} ${status} ${actor}`),
      approvals: approvals.map(({ checkpoint, status, extensions }) => `${checkpoint} ${status} ${extensions}`),
      launches: launches.map(({ attempt, status }) => `${attempt} ${status}`),
      commands,
      /** What others are still rung for. */
      owed: [...new Set((await bellsFor(runId)).map(({ job }) => job).filter((job) => !isOurs(job) && job !== 'notice.tell'))].sort(),
    };
  }

  const walk = (runId: string): Promise<void> => mortal.advanceRun.advance(runId);

  async function die(name: string, begin: () => Promise<string>, over: Partial<CrashPath<string, Awaited<ReturnType<typeof endOf>>>> = {}) {
    const { points, calm, deaths } = await dieEverywhere({ doors: mortal.doors, begin, walk, resume, endOf, ...over });
    process.stdout.write(`  died at ${deaths.length} places of ${points.length} calls: ${name}\n`);
    expect(points.length).toBeGreaterThan(0);
    // Doorbells that are gathered make a call more or less.
    expect(deaths.length).toBeGreaterThanOrEqual(points.length);
    expect(deaths.filter(({ end }) => JSON.stringify(end) !== JSON.stringify(calm))).toEqual([]);
    return calm;
  }

  const asked = async (): Promise<string> => {
    const { runId } = await people.start({ policy: 'require_human' });
    await people.advance(runId);
    return runId;
  };
  const answered = async (decision: Parameters<People['answer']>[1]): Promise<string> => {
    const runId = await asked();
    await people.answer((await people.pending(runId)).approvalId, decision);
    return runId;
  };
  const launched = async (): Promise<string> => {
    const { runId } = await people.start({ policy: 'auto' });
    await people.advance(runId);
    return runId;
  };

  it('asks once', async () => {
    const calm = await die('from the request to the question', async () => (await people.start({ policy: 'require_human' })).runId);
    expect(calm).toMatchObject({ run: { status: 'awaiting_human' }, approvals: ['payload_suggestion pending 0'] });
  }, 300_000);

  it('asks for a form that nobody has, and rests', async () => {
    const calm = await die('a request whose form is not known', async () => (await people.insert({ model: `scripted/nobody-knows` })).runId);
    expect(calm.run).toMatchObject({ status: 'running', step: 'information_review' });
  }, 300_000);

  it('consents by policy once', async () => {
    const calm = await die('from the request to the launch', async () => (await people.start({ policy: 'auto' })).runId);
    expect(calm).toMatchObject({ run: { step: 'api_call', attempt: 1, by: 'policy:auto' }, owed: ['execution.launch'] });
  }, 300_000);

  it('follows a yes and a no once', async () => {
    const yes = await die('from the yes to the launch', () => answered({ action: 'approve' }));
    expect(yes).toMatchObject({ run: { step: 'api_call', attempt: 1 }, owed: ['execution.launch'] });
    const no = await die('from the no to the end', () => answered({ action: 'reject', reason: 'too dear' }));
    expect(no.run.status).toBe('cancelled');
  }, 300_000);

  it('takes a result once', async () => {
    const calm = await die('from the result to the end', async () => {
      const runId = await launched();
      await people.launch(runId, aSuccess());
      return runId;
    });
    expect(calm.run.status).toBe('completed');
  }, 300_000);

  it('tries again once what was refused for now, and asks once about what is unknown', async () => {
    const refusal = { reason: 'throttled' as const, message: 'Later.', detail: 'later', retryAfterMs: 1_000, fields: [] };
    const again = await die('from a refusal to the next try', async () => {
      const runId = await launched();
      await people.launch(runId, { kind: 'refused', refusal });
      return runId;
    });
    expect(again.run).toMatchObject({ status: 'running', attempt: 2 });
    const unknown = await die('from an unknown launch to the question', async () => {
      const runId = await launched();
      await people.launch(runId, { kind: 'unknown', detail: 'lost', jobIds: [] });
      return runId;
    });
    expect(unknown.approvals).toEqual(['execution_unknown pending 0']);
  }, 300_000);

  it('lets time run out once, or goes on waiting once', async () => {
    const late = async (onTimeout: 'reject' | 'keep_waiting'): Promise<string> => {
      const { runId } = await people.start({ policy: 'require_human', timeoutSeconds: 60 * 60, onTimeout });
      await people.advance(runId);
      stage.clock.skip(60 * 60_000 + 1);
      return runId;
    };
    expect((await die('from the time-out to the end', () => late('reject'))).run.status).toBe('expired');
    expect((await die('from the time-out to the next wait', () => late('keep_waiting'))).approvals).toEqual(['payload_suggestion pending 1']);
  }, 300_000);

  it.each(['pause', 'cancel'] as const)('acts on "%s" once', async (name) => {
    const calm = await die(`a command to ${name}`, async () => {
      const runId = await asked();
      await people.command(runId, name);
      return runId;
    });
    expect(calm.commands).toEqual([{ name, outcome: 'done' }]);
  }, 300_000);

  it('refuses a command once', async () => {
    const calm = await die('a command that comes too late', async () => {
      const runId = await asked();
      await people.command(runId, 'resume');
      return runId;
    });
    expect(calm.commands).toEqual([{ name: 'resume', outcome: 'refused' }]);
  }, 300_000);
});
