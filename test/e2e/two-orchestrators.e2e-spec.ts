import { startHouse, type House } from '../harness/house';
import { approveAll, scriptedRequest } from '../harness/drive';
import { bell, Publisher, toRing } from '@countersign/queues';

const RUNS = 20;

describe('two orchestrators, one run; every doorbell twice', () => {
  let house: House;
  let publisher: Publisher;
  beforeAll(async () => {
    house = await startHouse();
    await house.start('orchestrator', 'orchestrator-2');
    await house.start('executor', 'executor-2');
    publisher = new Publisher({ redisUrl: house.redisUrl });
  }, 120_000);
  afterAll(async () => {
    await publisher.close();
    await house.close();
  });

  it('moves each run once, launches it once, and leaves no gap in its history (invariant 3)', async () => {
    const client = house.client();
    const started = await Promise.all(Array.from({ length: RUNS }, () => client.startRun(scriptedRequest('require_human'))));
    const ringing = setInterval(() => {
      const again = String(Math.random());
      const bells = started.flatMap(({ run_id }) => [bell('run.advance', { run_id, version: 1 }), bell('execution.launch', { run_id, attempt: 1, version: 1 })]);
      void publisher.ringAll(bells.map((one) => toRing(one, 0, again)));
    }, 50);
    try {
      await Promise.all(started.map(({ run_id }) => approveAll(client, run_id)));
    } finally {
      clearInterval(ringing);
    }
    const { rows } = await house.db.query<{ launches: string; first: number; last: number; events: string; version: number }>(`
      SELECT r.version, (SELECT count(*) FROM hitl_launches l WHERE l.run_id = r.run_id) AS launches,
             min(e.seq) AS first, max(e.seq) AS last, count(*) AS events
      FROM hitl_runs r JOIN hitl_step_events e USING (run_id) GROUP BY r.run_id`);
    expect(rows).toHaveLength(RUNS);
    for (const row of rows) {
      expect(row).toMatchObject({ launches: '1', first: 1, last: row.version, events: String(row.version) });
      expect(row.version).toBe(8);
    }
  }, 120_000);
});
