import { isOpenLaunch, type JobState, type LaunchAnswer, type LaunchStatus, type ProviderCapabilities } from '@countersign/core';
import { dieEverywhere, type CrashPath, type Deaths } from '@countersign/testing';
import { approvedRun, tamper } from './testing/approved-run';
import { executorStage, type ExecutorStage, type Hands } from './testing/executor-stage';
import type { Script } from './testing/watched-provider';

/** Past a dead process's lease (15 s) and the time after which a doorbell counts as lost (10 s). */
const LATER_MS = 30_000;
/** Rounds of doorbells in which anything has to come to its end, the grace of a lost launch included. */
const MAX_ROUNDS = 20;
const BELLS = 500;

const METRICS = { computeSeconds: 1, totalSeconds: 1 };
const FREE: Partial<ProviderCapabilities> = { idempotency: 'key', paid: false, reconcile: 'none' };

interface End {
  status: LaunchStatus | null;
  outcome: string | null;
  /** Kept files and words. */
  output: unknown;
  /** Jobs in the provider's own book. */
  jobs: number;
}

/** A provider that costs money and keeps a book of what it made. */
class PaidBook {
  private readonly made = new Map<string, string>();

  jobsOf(launchIds: string[]): number {
    return [...this.made.values()].filter((launchId) => launchIds.includes(launchId)).length;
  }

  /** @param answer what its maker is told; the job is made in any case. */
  script(answer: (jobId: string) => LaunchAnswer): Script {
    return {
      launch: async ({ launchId }) => {
        const jobId = `job-${launchId}-${this.made.size}`;
        this.made.set(jobId, launchId);
        return answer(jobId);
      },
      follow: async () => ({ ok: true, state: DONE }),
      reconcile: async ({ launchId }) => {
        const jobId = [...this.made].find(([, madeFor]) => madeFor === launchId)?.[0];
        return jobId === undefined ? { kind: 'not_found' } : { kind: 'found', jobId, state: DONE };
      },
    };
  }
}

const DONE: JobState = {
  status: 'succeeded', metrics: METRICS,
  output: {
    raw: ['a fox', null], doubts: [],
    parts: [{ kind: 'text', pointer: '/0', text: 'a fox' }, { kind: 'file', pointer: '/1', source: { bytes: new Uint8Array([1, 2, 3]) }, mime: 'image/png', name: 'fox.png' }],
  },
};
const RUNNING: JobState = { status: 'processing', progress: { percent: 50, message: 'half' } };

describe('an executor that dies at any call of a launch', () => {
  let stage: ExecutorStage;
  let mortal: Awaited<ReturnType<ExecutorStage['mortal']>>;
  let next: Hands;
  let book: PaidBook;
  beforeAll(async () => {
    stage = await executorStage();
    [mortal, next] = await Promise.all([stage.mortal(), stage.another()]);
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    book = new PaidBook();
  });

  const launchesOf = (runId: string) => stage.launches.ofRun(runId);

  /** Launches and looks until the launch has ended, all by the hands that may die. */
  async function walk(runId: string): Promise<void> {
    await mortal.launchOnce.launch(runId, 1);
    for (let looks = 0; looks < MAX_ROUNDS; looks += 1) {
      const [launch] = await launchesOf(runId);
      if (!launch || !isOpenLaunch(launch)) return;
      stage.clock.skip(LATER_MS);
      await mortal.look.lookById(launch.launchId);
    }
  }

  /** The next process: Redis has forgotten everything, only the sweeper rings. */
  async function resume(runId: string): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const [launch] = await launchesOf(runId);
      if (launch && !isOpenLaunch(launch)) return;
      stage.clock.skip(LATER_MS);
      const bells = (await stage.overdue.bells(stage.clock.now(), BELLS)).filter(({ data }) => data.run_id === runId || data.launch_id === launch?.launchId);
      for (const { job, data } of bells) {
        if (job === 'execution.launch') await next.launchOnce.launch(String(data.run_id), Number(data.attempt));
        if (job === 'execution.follow') await next.look.lookById(String(data.launch_id));
      }
    }
  }

  async function endOf(runId: string): Promise<End> {
    const launches = await launchesOf(runId);
    expect(launches.length).toBeLessThanOrEqual(1);
    const outcome = launches[0]?.outcome ?? null;
    const output = outcome?.kind !== 'succeeded' ? null : {
      text: outcome.output.text, doubts: outcome.output.doubts,
      parts: outcome.output.parts.map((part) => (part.kind === 'file' ? { ...part, artifactId: 'an artifact' } : part)),
    };
    const end = { status: launches[0]?.status ?? null, outcome: outcome?.kind ?? null, output, jobs: book.jobsOf(launches.map(({ launchId }) => launchId)) };
    // Invariants that no death may break: paid at most once, and never left open.
    expect(end.jobs).toBeLessThanOrEqual(1);
    expect(end.status === null || !isOpenLaunch({ status: end.status })).toBe(true);
    return end;
  }

  const begin = async (): Promise<string> => (await approvedRun(stage, { decision: { action: 'approve' } })).runId;

  async function die(name: string, over: Partial<CrashPath<string, End>> = {}): Promise<Deaths<End>> {
    const told = await dieEverywhere<string, End>({ doors: mortal.doors, begin, walk, resume, endOf, ...over });
    process.stdout.write(`  died at ${told.deaths.length} places of ${told.points.length} calls: ${name}\n`);
    expect(told.points.length).toBeGreaterThan(0);
    // Doorbells that are gathered make a call more or less.
    expect(told.deaths.length).toBeGreaterThanOrEqual(told.points.length);
    return told;
  }

  const notAs = (calm: End, { deaths }: Deaths<End>) => deaths.filter(({ end }) => JSON.stringify(end) !== JSON.stringify(calm));

  it('ends the same when the call is free and repeatable', async () => {
    stage.provider.reset({}, { ...FREE, result: 'sync' });
    const told = await die('a launch that answers at once');
    expect(told.calm).toMatchObject({ status: 'succeeded', output: { text: 'a red fox' } });
    expect(notAs(told.calm, told)).toEqual([]);
  }, 300_000);

  it('ends the same when the provider refuses', async () => {
    const refusal = { reason: 'invalid_input' as const, message: 'No.', detail: 'no', retryAfterMs: null, fields: [] };
    stage.provider.reset({ launch: async () => ({ kind: 'refused', refusal }) }, FREE);
    const told = await die('a launch that is refused');
    expect(told.calm.outcome).toBe('refused');
    expect(notAs(told.calm, told)).toEqual([]);
  }, 300_000);

  it('ends the same when the consent is for something else', async () => {
    stage.provider.reset({ launch: () => Promise.reject(new Error('it was sent')) }, FREE);
    const told = await die('a launch that the gate stops', {
      begin: async () => {
        const runId = await begin();
        const run = await stage.runs.find(runId);
        await tamper(stage, runId, 'consent', { ...run?.consent, payloadHash: 'f'.repeat(64) });
        return runId;
      },
    });
    expect(told.calm.outcome).toBe('consent_mismatch');
    expect(notAs(told.calm, told)).toEqual([]);
  }, 300_000);

  /** What was paid for is found; what was never sent is asked about, and not sent again. */
  const paidOrAsked = (told: Deaths<End>): void => {
    const unsent: End = { status: 'unknown', outcome: 'unknown', output: null, jobs: 0 };
    const others = notAs(told.calm, told).filter(({ end }) => JSON.stringify(end) !== JSON.stringify(unsent));
    expect(told.calm).toMatchObject({ status: 'succeeded', jobs: 1 });
    expect(others).toEqual([]);
    // Only between the commit of the launch and the request itself can it not be known.
    const sentAt = told.points.indexOf('AiProvider.launch') + 1;
    const begunAt = told.points.indexOf('LaunchStore.begin') + 1;
    for (const { at } of notAs(told.calm, told)) expect(Number(at.split(' ')[1])).toBeGreaterThanOrEqual(begunAt);
    for (const { at } of notAs(told.calm, told)) expect(Number(at.split(' ')[1])).toBeLessThanOrEqual(sentAt);
  };

  it('pays once, or asks, when a paid job is followed', async () => {
    stage.provider.reset(book.script((jobId) => ({ kind: 'launched', jobId, state: RUNNING })));
    paidOrAsked(await die('a paid job that is followed'));
  }, 300_000);

  it('pays once, or asks, when the answer of the paid call was lost (invariant 7)', async () => {
    stage.provider.reset(book.script(() => ({ kind: 'unclear', detail: 'the connection broke' })));
    paidOrAsked(await die('a paid call whose answer was lost'));
  }, 300_000);

  it('ends the same when the run was called off', async () => {
    stage.provider.reset({ ...book.script((jobId) => ({ kind: 'launched', jobId, state: RUNNING })), follow: async () => ({ ok: true, state: RUNNING }), cancel: async () => ({ ok: true, state: null }) });
    const told = await die('a job that is stopped', {
      begin: async () => {
        const runId = await begin();
        await next.launchOnce.launch(runId, 1);
        return runId;
      },
      walk: (runId) => mortal.stopJob.stop(runId, 1),
      resume: async (runId) => next.stopJob.stop(runId, 1),
    });
    expect(told.calm).toMatchObject({ outcome: 'stopped', jobs: 1 });
    expect(notAs(told.calm, told)).toEqual([]);
  }, 300_000);
});
