import { waitFor } from '@countersign/testing';
import { scriptedRequest, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

/** Five tries five seconds apart, after the ten seconds in which a doorbell counts as not lost. */
const DEAD_AFTER_MS = 100_000;

interface Shown {
  id: string;
  name: string;
  failedReason: string;
  stacktrace: string[];
}

describe('a job that failed for good', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  const board = async (method: string, path: string): Promise<Response> => fetch(`${house.url}/admin/queues/api/queues${path}`, { method, headers: { 'x-user-id': 'olga' } });
  const failed = async (runId: string): Promise<Shown | undefined> => {
    const { queues } = (await (await board('GET', '?activeQueue=orchestrator&status=failed&page=1')).json()) as { queues: { name: string; jobs: Shown[] }[] };
    return queues.find(({ name }) => name === 'orchestrator')?.jobs.find(({ id }) => id.includes(runId));
  };

  it('is shown with code, run and reason on the board; once the cause is mended, Retry there brings the run to its end', async () => {
    const client = house.client();
    // A trouble that only this run has, as a bug would be: its row cannot be written.
    await house.db.query(`CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the poison of this run'; END $$`);
    await house.db.query(`CREATE TRIGGER poison BEFORE UPDATE ON hitl_runs FOR EACH ROW WHEN (NEW.user_id = 'poisoned') EXECUTE FUNCTION poison()`);
    const { run_id: runId } = await client.startRun({ ...scriptedRequest('auto'), user_id: 'poisoned' });
    const well = await client.startRun(scriptedRequest('auto'));
    await untilStatus(client, well.run_id, 'completed');
    const job = await waitFor(() => failed(runId), { what: 'the job to fail for good', timeoutMs: DEAD_AFTER_MS, intervalMs: 200 });
    expect(job.failedReason).toMatch(new RegExp(`^TRIES_USED_UP \\(run ${runId}\\): every try failed; mend the cause, then retry: .* the poison of this run$`));
    expect(job.name).toContain(runId);
    expect((await client.status(runId)).status).toBe('queued');
    expect(await (await fetch(`${house.url}/metrics`)).text()).toMatch(/countersign_queue_jobs\{queue="orchestrator",state="failed",service="gateway"\} [1-9]/);
    expect(house.log('orchestrator')).toContain('TRIES_USED_UP');

    await house.db.query('DROP TRIGGER poison ON hitl_runs');
    expect((await board('PUT', `/orchestrator/${job.id}/retry`)).status).toBeLessThan(300);
    await untilStatus(client, runId, 'completed');
    expect((await failed(runId))?.id).not.toBe(job.id);
    const { launches, step_history: history } = await client.state(runId);
    expect(launches).toHaveLength(1);
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_event, n) => n + 1));
    // Pressed once more, it does nothing.
    await board('PUT', `/orchestrator/${job.id}/retry`);
    expect((await client.state(runId)).launches).toHaveLength(1);
  }, 240_000);
});
