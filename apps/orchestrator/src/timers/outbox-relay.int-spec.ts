import { bell } from '@countersign/queues';
import { orchestratorStage, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

describe('a doorbell that was committed is rung, whatever became of its process', () => {
  let stage: OrchestratorStage;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  const left = async (runId: string): Promise<string[]> =>
    (await stage.query<{ job: string }>(`SELECT job FROM outbox WHERE data ->> 'run_id' = $1`, [runId])).map(({ job }) => job);
  const age = (): Promise<unknown> => stage.query(`UPDATE outbox SET created_at = created_at - interval '3 seconds'`);

  /** A command whose process died between its commit and the ring. */
  async function unrung(): Promise<string> {
    const { runId } = await people.insert();
    const commandId = '019e0000-0000-7000-8000-' + runId.slice(-12);
    const command = { commandId, runId, name: 'pause' as const, by: 'human:ann', reason: '', requestedAt: stage.clock.now(), outcome: null, detail: null };
    await stage.commands.request(command, [bell('run.commanded', { run_id: runId, command_id: commandId })]);
    return runId;
  }

  it('rings what its process could not, and takes it out', async () => {
    const runId = await unrung();
    await age();
    expect(await stage.relay.relay()).toBe(1);
    expect((await stage.rung(runId)).map(({ job }) => job)).toEqual(['run.commanded']);
    expect(await left(runId)).toEqual([]);
    expect(await stage.relay.relay()).toBe(0);
  });

  it('leaves a fresh one to its own process', async () => {
    const runId = await unrung();
    expect(await stage.relay.relay()).toBe(0);
    expect(await left(runId)).toEqual(['run.commanded']);
    await age();
    await stage.relay.relay();
  });

  it('two relays side by side ring it once', async () => {
    const other = await stage.another();
    const runId = await unrung();
    await age();
    await Promise.all([stage.relay.relay(), other.relay.relay()]);
    expect(await stage.rung(runId)).toHaveLength(1);
    expect(await left(runId)).toEqual([]);
  });

  it('keeps the delay of a timer', async () => {
    const { runId } = await people.insert();
    const notBefore = new Date(Date.parse(stage.clock.now()) + 60_000).toISOString();
    await stage.query(`INSERT INTO outbox (job, data, not_before) VALUES ('approval.expire', $1, $2)`, [{ run_id: runId, approval_id: runId, extension: 1 }, notBefore]);
    await age();
    await stage.relay.relay();
    expect(await stage.rung(runId)).toMatchObject([{ job: 'approval.expire', delayMs: 60_000 }]);
  });

  it('a job of another version of the house stays, and keeps none of the others waiting', async () => {
    await stage.query(`INSERT INTO outbox (job, data) VALUES ('run.teleport', '{}')`);
    const runId = await unrung();
    await age();
    expect(await stage.relay.relay()).toBe(1);
    expect(await left(runId)).toEqual([]);
    expect(await stage.query('SELECT job FROM outbox')).toEqual([{ job: 'run.teleport' }]);
  });
});
