import type { RunStartedView } from '@countersign/contracts';
import { ApprovalStore, RunStore, verifyChain } from '@countersign/core';
import { portDoors } from '@countersign/core/testing';
import { poolOf } from '@countersign/persistence';
import { Publisher } from '@countersign/queues';
import { sha256Hex } from '@countersign/service-kit';
import { dieEverywhere, type CrashPath, type Door } from '@countersign/testing';
import { DataSource } from 'typeorm';
import { startGateway, type GatewayStage } from './testing/gateway-stage';
import { HandOrchestrator } from './testing/hand-orchestrator';

const OK = 200;
const CREATED = 201;
const BODY = { run_input: { prompt: 'hello', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human' } };

/** Who got no answer asks again in the same words; the gateway that answers then remembers nothing of the first time. */
describe('a gateway that dies at any call of a request', () => {
  let stage: GatewayStage;
  let hand: HandOrchestrator;
  let doors: Door[];
  let count = 0;
  beforeAll(async () => {
    stage = await startGateway();
    hand = new HandOrchestrator(stage.app);
    doors = [...portDoors((token) => stage.app.get(token)), { name: 'Publisher', port: stage.app.get(Publisher), calls: ['ring', 'ringAll'] }];
  });
  afterAll(() => stage.close());

  const query = async <Row extends object>(sql: string, values: unknown[]): Promise<Row[]> => (await poolOf(stage.app.get(DataSource)).query<Row>(sql, values)).rows;
  /** Doorbells that are owed: in the outbox or in the queue. */
  const isRung = async (id: string, job: string): Promise<boolean> => {
    const waiting = await query('SELECT 1 FROM outbox WHERE job = $2 AND data ->> \'run_id\' = $1', [id, job]);
    const queued = await stage.app.get(Publisher).queue('orchestrator').getJobs();
    return waiting.length > 0 || queued.some(({ name, data }) => name === job && (data as { run_id?: string }).run_id === id);
  };

  async function die<Case, End>(name: string, path: Omit<CrashPath<Case, End>, 'doors'>): Promise<End> {
    const { points, calm, deaths } = await dieEverywhere({ doors, ...path });
    process.stdout.write(`  died at ${deaths.length} places of ${points.length} calls: ${name}\n`);
    expect(points.length).toBeGreaterThan(0);
    // Doorbells that are gathered make a call more or less.
    expect(deaths.length).toBeGreaterThanOrEqual(points.length);
    expect(deaths.filter(({ end }) => JSON.stringify(end) !== JSON.stringify(calm))).toEqual([]);
    return calm;
  }

  it('starts a run once, for all who ask again under the same key', async () => {
    const start = (key: string) => stage.call<RunStartedView>('POST', '/hitl/run', { user: 'ann', body: BODY, headers: { 'idempotency-key': key } });
    const calm = await die('a run that is asked for', {
      begin: async () => `key-${(count += 1)}`,
      walk: async (key) => void (await start(key)),
      resume: async (key) => void (await start(key)),
      endOf: async (key) => {
        const answer = await start(key);
        const runs = await query<{ run_id: string }>('SELECT run_id FROM hitl_runs WHERE idempotency_key = $1', [key]);
        const runId = runs[0]?.run_id ?? '';
        const events = await stage.app.get(RunStore).events(runId, 0, 10);
        return {
          status: [OK, CREATED].includes(answer.status) && answer.body.run_id === runId, runs: runs.length, events: events.map(({ type }) => type),
          intact: verifyChain(events, sha256Hex) === null, rung: await isRung(runId, 'run.start'),
        };
      },
    });
    expect(calm).toEqual({ status: true, runs: 1, events: ['created'], intact: true, rung: true });
  }, 300_000);

  const asked = async (): Promise<{ runId: string; approvalId: string }> => {
    const { body } = await stage.call<RunStartedView>('POST', '/hitl/run', { user: 'ann', body: BODY });
    const approval = await hand.pending(await hand.advance(body.run_id));
    return { runId: body.run_id, approvalId: approval?.approvalId ?? '' };
  };

  it.each([
    ['approve', {}], ['edit', { edits: { prompt: 'other words' } }], ['reject', { reason: 'too dear' }], ['respond', { message: 'repeat it 3 times' }],
  ])('takes "%s" once, and tells whoever asks again that it stands', async (action, more) => {
    const decide = (approvalId: string, user = 'ann') => stage.call('POST', `/hitl/approvals/${approvalId}/decision`, { user, body: { action, ...more } });
    const calm = await die(`an answer: ${action}`, {
      begin: asked,
      walk: async ({ approvalId }) => void (await decide(approvalId)),
      resume: async ({ approvalId }) => void (await decide(approvalId)),
      endOf: async ({ runId, approvalId }) => {
        const [again, late] = [await decide(approvalId), await decide(approvalId, 'bob')];
        const approval = await stage.app.get(ApprovalStore).find(approvalId);
        const rung = await isRung(runId, 'run.decided');
        const run = await hand.advance(runId);
        return {
          again: again.status, late: late.status, by: approval?.decision?.by, action: approval?.decision?.action, rung,
          run: [run.status, run.step, run.version, run.attempt], input: run.preparation?.payload?.input,
        };
      },
    });
    expect(calm).toMatchObject({ again: OK, late: 409, by: 'human:ann', action, rung: true });
  }, 300_000);
});
