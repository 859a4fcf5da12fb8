import type { Listed, Page, Principal, Role } from '@countersign/core';
import { aDecision, aNewRun, anApproval, insertRun, quickestAnswer, storedRun, testId } from '@countersign/core/testing';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';
import { fillDatabase } from '../../testing/fill-database';
import { PostgresRunReader } from './postgres-run.reader';

const ALL: Page = { limit: 200, cursor: null };
const who = (tenantId: string, userId = 'ann', ...roles: Role[]): Principal => ({ tenantId, userId, roles });

describe('PostgresRunReader', () => {
  let stage: DatabaseStage;
  let reader: PostgresRunReader;
  beforeAll(async () => {
    stage = await databaseStage();
    reader = new PostgresRunReader(stage.dataSource);
  });
  afterAll(() => stage.close());

  /** Each test in a tenant of its own. */
  const newTenant = (): string => `tenant-${testId()}`;
  const runIds = ({ items }: Listed<{ runId: string }>): string[] => items.map(({ runId }) => runId);

  async function walk<T>(list: (page: Page) => Promise<Listed<T>>, limit: number, between: () => Promise<unknown> = async () => undefined): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const page: Listed<T> = await list({ limit, cursor });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      items.push(...page.items);
      cursor = page.nextCursor;
      await between();
    } while (cursor !== null);
    return items;
  }

  describe('runs', () => {
    it('come whole, newest first, with the number of all', async () => {
      const tenantId = newTenant();
      const stored = [await insertRun(stage, { tenantId }), await storedRun(stage, 'completed', 'response_review', { tenantId }), await storedRun(stage, 'awaiting_human', 'payload_review', { tenantId })];
      const listed = await reader.runs(who(tenantId), {}, ALL);
      expect(listed).toEqual({ items: [...stored].reverse(), nextCursor: null, total: 3 });
      expect(await reader.runs(who(tenantId), {}, { limit: 2, cursor: null })).toMatchObject({ total: 3, nextCursor: stored[1]?.runId });
    });

    it.each([
      ['owner', [], ['own']], ['requester', ['requester'], ['own']], ['operator', ['operator'], ['own']],
      ['reviewer', ['reviewer'], ['own', 'other']], ['admin', ['admin'], ['own', 'other']],
    ] as [string, Role[], string[]][])('are shown to the %s as who-may.ts says', async (_name, roles, names) => {
      const tenantId = newTenant();
      const runs = { own: await insertRun(stage, { tenantId }), other: await insertRun(stage, { tenantId, userId: 'bob' }) };
      await insertRun(stage, { tenantId: newTenant() });
      const expected = names.map((name) => runs[name as keyof typeof runs].runId).sort();
      const listed = await reader.runs(who(tenantId, 'ann', ...roles), {}, ALL);
      expect([runIds(listed).sort(), listed.total]).toEqual([expected, expected.length]);
    });

    it('are filtered by each filter, and by all together', async () => {
      const tenantId = newTenant();
      const odd = await insertRun(stage, { tenantId, userId: 'bob', sessionId: 's-2', provider: 'local', model: 'local/speak' });
      const queued = await insertRun(stage, { tenantId });
      const done = await storedRun(stage, 'completed', 'response_review', { tenantId });
      const found = async (filter: Parameters<PostgresRunReader['runs']>[1]) => runIds(await reader.runs(who(tenantId, 'ann', 'admin'), filter, ALL)).sort();
      const ids = (...runs: { runId: string }[]) => runs.map(({ runId }) => runId).sort();
      expect(await found({ userId: 'bob' })).toEqual(ids(odd));
      expect(await found({ sessionId: 's-2' })).toEqual(ids(odd));
      expect(await found({ provider: 'local' })).toEqual(ids(odd));
      expect(await found({ model: 'scripted/echo' })).toEqual(ids(queued, done));
      expect(await found({ statuses: ['completed'] })).toEqual(ids(done));
      expect(await found({ statuses: ['completed', 'queued'] })).toEqual(ids(odd, queued, done));
      expect(await found({ statuses: [] })).toEqual(ids(odd, queued, done));
      expect(await found({ statuses: ['queued'], provider: 'local', userId: 'bob' })).toEqual(ids(odd));
      expect(await found({ statuses: ['completed'], userId: 'bob' })).toEqual([]);
      expect(await found({ createdAfter: '2026-11-22T11:59:59.999Z', createdBefore: '2026-11-22T12:00:00.001Z' })).toEqual(ids(odd, queued, done));
      expect(await found({ createdAfter: '2026-11-22T12:00:00.000Z' })).toEqual([]);
      expect(await found({ createdBefore: '2026-11-22T12:00:00.000Z' })).toEqual([]);
    });

    it('of another user stay hidden whatever is filtered for', async () => {
      const tenantId = newTenant();
      await insertRun(stage, { tenantId, userId: 'bob' });
      expect(await reader.runs(who(tenantId), { userId: 'bob' }, ALL)).toEqual({ items: [], nextCursor: null, total: 0 });
    });

    it.each([
      ['fox', ['a red FOX', '100% fox_tail']], ['%', ['100% fox_tail']], ['_', ['100% fox_tail', 'snake_case']], ['\\', ['back\\slash']], ['k\\s', ['back\\slash']],
      ["'; DROP TABLE hitl_runs; --", []], ['0% f', ['100% fox_tail']], ['Ähr', ['Ähre']], ['nothing like it', []],
    ])('are searched for %j as it is written', async (q, expected) => {
      const tenantId = newTenant();
      const prompts = ['a red FOX', '100% fox_tail', 'snake_case', 'back\\slash', 'Ähre', 'plain'];
      for (const prompt of prompts) await insertRun(stage, { tenantId, originalInput: { prompt }, model: 'scripted/echo', sessionId: null });
      const { items, total } = await reader.runs(who(tenantId), { q }, ALL);
      expect(items.map(({ originalInput }) => originalInput.prompt).sort()).toEqual([...expected].sort());
      expect(total).toBe(expected.length);
    });

    it('are searched by model, session and id too', async () => {
      const tenantId = newTenant();
      const run = await insertRun(stage, { tenantId, model: 'owner/upscaler', sessionId: 'session-xyz' });
      await insertRun(stage, { tenantId });
      for (const q of ['UPSCAL', 'xyz', run.runId, run.runId.slice(-6)]) expect(runIds(await reader.runs(who(tenantId), { q }, ALL))).toEqual([run.runId]);
    });

    it('are paged without a gap or a double while new ones come in', async () => {
      const tenantId = newTenant();
      const before: string[] = [];
      for (let n = 0; n < 11; n += 1) before.push((await insertRun(stage, { tenantId })).runId);
      for (const limit of [1, 3, 11, 12]) {
        const seen = await walk((page) => reader.runs(who(tenantId), {}, page), limit, () => insertRun(stage, { tenantId, userId: 'bob' }).then(() => stage.runs.insert(aNewRun({ tenantId }), [], null)));
        const ids = seen.map(({ runId }) => runId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => before.includes(id))).toEqual([...before].reverse());
      }
    });
  });

  describe('pending approvals', () => {
    const FAR = '2099-01-01T00:00:00.000Z';
    async function asked(tenantId: string, over: Partial<Parameters<typeof anApproval>[0]> = {}) {
      const { runId } = await insertRun(stage, { tenantId });
      const approval = anApproval({ tenantId, runId, expiresAt: FAR, ...over });
      await stage.approvals.open(approval, []);
      return approval;
    }
    const listed = async (principal: Principal, filter = {}) => (await reader.pendingApprovals(principal, filter, ALL)).items.map(({ approvalId }) => approvalId);

    it('come whole, oldest first', async () => {
      const tenantId = newTenant();
      const [first, second] = [await asked(tenantId), await asked(tenantId)];
      expect(await reader.pendingApprovals(who(tenantId), {}, ALL)).toEqual({ items: [first, second], nextCursor: null, total: 2 });
    });

    it('are those that may still be answered', async () => {
      const tenantId = newTenant();
      const over = { expiresAt: '2026-01-01T00:00:00.000Z' };
      const decided = await asked(tenantId);
      await stage.approvals.record(decided.approvalId, 'approved', aDecision(), []);
      await stage.approvals.cancel((await asked(tenantId)).approvalId, []);
      for (const late of [{ onTimeout: 'reject' }, { onTimeout: 'approve' }, { onTimeout: 'escalate', extensions: 1 }] as const) await asked(tenantId, { ...over, ...late });
      const open = [await asked(tenantId), await asked(tenantId, { ...over, onTimeout: 'keep_waiting' }), await asked(tenantId, { ...over, onTimeout: 'escalate' })];
      expect(await listed(who(tenantId))).toEqual(open.map(({ approvalId }) => approvalId));
    });

    it('are shown to whom they are addressed and to reviewers; to everybody\'s only reviewers', async () => {
      const tenantId = newTenant();
      const [own, others, everybodys] = [await asked(tenantId), await asked(tenantId, { userId: 'bob' }), await asked(tenantId, { userId: null })];
      expect(await listed(who(tenantId))).toEqual([own.approvalId]);
      for (const role of ['reviewer', 'admin'] as const) expect(await listed(who(tenantId, 'carl', role))).toEqual([own, others, everybodys].map(({ approvalId }) => approvalId));
      expect(await listed(who(newTenant(), 'ann', 'reviewer'))).toEqual([]);
    });

    it('are filtered by each filter', async () => {
      const tenantId = newTenant();
      const [one, other] = [await asked(tenantId), await asked(tenantId, { userId: 'bob', sessionId: 's-2', checkpoint: 'browser_action' })];
      const reviewer = who(tenantId, 'carl', 'reviewer');
      for (const filter of [{ userId: 'bob' }, { sessionId: 's-2' }, { checkpoint: 'browser_action' }, { runId: other.runId }]) expect(await listed(reviewer, filter)).toEqual([other.approvalId]);
      expect(await listed(reviewer, { runId: one.runId })).toEqual([one.approvalId]);
    });

    it('are paged without a gap or a double while others come in', async () => {
      const tenantId = newTenant();
      const before: string[] = [];
      for (let n = 0; n < 7; n += 1) before.push((await asked(tenantId)).approvalId);
      let late = 3;
      const seen = await walk((page) => reader.pendingApprovals(who(tenantId), {}, page), 2, async () => (late -= 1) >= 0 && asked(tenantId));
      const ids = seen.map(({ approvalId }) => approvalId);
      expect(ids.slice(0, 7)).toEqual(before);
      expect(new Set(ids).size).toBe(10);
    });
  });
});

describe('lists on a full database', () => {
  let stage: DatabaseStage;
  beforeAll(async () => {
    stage = await databaseStage();
    await fillDatabase(stage, 20_000, '2026-12-24T00:00:00.000Z');
  });
  afterAll(() => stage.close());

  it('are quick', async () => {
    const reader = new PostgresRunReader(stage.dataSource);
    const readAll = async (): Promise<void> => {
      await reader.runs(who('t1', 'u1'), {}, { limit: 50, cursor: null });
      await reader.runs(who('t1', 'x', 'admin'), { statuses: ['completed'] }, { limit: 50, cursor: null });
      await reader.pendingApprovals(who('t0', 'x', 'reviewer'), {}, { limit: 50, cursor: null });
    };
    expect(await quickestAnswer(readAll, 1_000)).toBeLessThan(1_000);
  });
});
