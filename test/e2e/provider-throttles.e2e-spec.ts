import { startReplicateEmulator, type ReplicateEmulator } from '@countersign/providers';
import { startHouse, type House } from '../harness/house';
import { untilStatus } from '../harness/drive';

const RUNS = 80;
/** As Replicate's limit, with a window that a test can wait for. */
const PER_WINDOW = 20;
const WINDOW_MS = 2_000;

describe('a provider that throttles', () => {
  let emulator: ReplicateEmulator;
  let house: House;
  beforeAll(async () => {
    emulator = await startReplicateEmulator({ createsPerMinute: PER_WINDOW, rateWindowMs: WINDOW_MS });
    house = await startHouse({
      env: { REPLICATE_API_TOKEN: emulator.token, REPLICATE_BASE_URL: emulator.url, FETCH_ALLOW_HOSTS: new URL(emulator.url).host },
    });
    await house.start('executor', 'executor-2');
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await emulator.close();
  });

  it('gets a burst of runs one after the other from two executors: none fails, and few requests are refused', async () => {
    const client = house.client();
    const ids = await Promise.all(Array.from({ length: RUNS }, async (_, place) => (await client.startRun({
      run_input: { prompt: `picture number ${place}`, provider: 'replicate', model: 'black-forest-labs/flux-schnell' }, hitl_config: { policy: 'auto' },
    })).run_id));
    for (const id of ids) await untilStatus(client, id, 'completed');
    const { rows } = await house.db.query<{ status: string; count: string }>('SELECT status, count(*) FROM hitl_launches GROUP BY status ORDER BY status');
    const count = (status: string): number => Number(rows.find((row) => row.status === status)?.count ?? 0);
    expect(count('succeeded')).toBe(RUNS);
    expect(emulator.createCalls()).toHaveLength(RUNS + count('refused'));
    // What was under way when the first refusal came is refused too (32 in each executor), and some at the edge of a window. If each
    // run found out for itself, all that wait would be refused in every window: some 60, 40 and 20.
    expect(count('refused')).toBeLessThan(1.25 * RUNS);
  }, 120_000);
});
