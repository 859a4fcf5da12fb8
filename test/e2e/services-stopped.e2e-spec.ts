import { verifyRun } from '@countersign/core';
import { PostgresAuditReader } from '@countersign/persistence';
import { GRACE_MS, sha256Hex } from '@countersign/service-kit';
import { waitFor } from '@countersign/testing';
import { scriptedRequest, untilStatus } from '../harness/drive';
import { SERVICES, startHouse, type House, type ServiceName } from '../harness/house';

/** Runs under way while a service is told to end. */
const RUNS = 24;
/** Work in the executor's hands that is over before its time to finish is, ms. */
const SHORT_CALL_MS = 1_500;
/** And one that is not. */
const LONG_CALL_MS = 25_000;
/** A busy machine's own slowness on top of the grace period, ms. */
const SLACK_MS = 5_000;

describe('services told to end, in order, under load', () => {
  let house: House;
  const figures: string[] = [];
  beforeAll(async () => {
    house = await startHouse({ env: { LOG_LEVEL: 'info' } });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    process.stdout.write(`${figures.join('\n')}\n`);
  });

  /** Ends one process as a supervisor does; how long it took. */
  async function stop(service: ServiceName, during = `${RUNS} runs under way`): Promise<void> {
    const startedAt = performance.now();
    const ended = house.ended(service);
    await house.kill(service, 'SIGTERM');
    expect([service, await ended]).toEqual([service, 'status 0']);
    const ms = performance.now() - startedAt;
    figures.push(`SIGTERM to the ${service} with ${during}: exit status 0 after ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(GRACE_MS + SLACK_MS);
  }

  async function load(parameters: Record<string, number>): Promise<string[]> {
    const client = house.client();
    return Promise.all(Array.from({ length: RUNS }, async () => (await client.startRun(scriptedRequest('auto', parameters))).run_id));
  }

  /** Each run ended well, was launched once, and has one whole history that its rows bear out. */
  async function expectOneEffectEach(runIds: string[]): Promise<void> {
    const client = house.client();
    for (const runId of runIds) await untilStatus(client, runId, 'completed');
    const reader = new PostgresAuditReader(house.db, sha256Hex);
    for (const runId of runIds) {
      const [record] = await reader.records({ runId }, null, 1);
      if (!record) throw new Error(`no evidence of ${runId}`);
      expect(verifyRun(record, sha256Hex)).toEqual({ findings: [], unproven: [] });
      expect(record.launches).toHaveLength(1);
      for (const type of ['created', 'started', 'prepared', 'approved', 'executed', 'accepted']) expect([type, record.events.filter((event) => event.type === type).length]).toEqual([type, 1]);
    }
  }

  it.each(SERVICES)('the %s finishes what it has in hand, exits with 0 in time, and every run is completed once', async (service) => {
    const runIds = await load({ delay_ms: SHORT_CALL_MS });
    await stop(service);
    await house.start(service);
    await expectOneEffectEach(runIds);
  }, 120_000);

  it('the executor hands on a call that takes longer than it may: it exits with 0 in time, and another process ends the run', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('auto', { delay_ms: LONG_CALL_MS }));
    await waitFor(async () => (await client.state(runId)).launches[0]?.status === 'submitting', { what: 'the call to be under way' });
    await stop('executor', `a call of ${LONG_CALL_MS} ms`);
    expect(house.log('executor')).toContain('left to another process');
    await house.start('executor');
    await expectOneEffectEach([runId]);
  }, 180_000);

  it('all four at once, as a machine does that goes down: everything is taken up again', async () => {
    const runIds = await load({ delay_ms: SHORT_CALL_MS });
    await Promise.all(SERVICES.map((service) => stop(service)));
    await Promise.all(SERVICES.map((service) => house.start(service)));
    await expectOneEffectEach(runIds);
    for (const service of SERVICES) expect([service, house.log(service).includes('did not stop cleanly')]).toEqual([service, false]);
  }, 180_000);
});
