import type { ApprovalListView, ApprovalView, DecisionView, ForgottenView, MemoryListView, MemoryView, ProblemView, RunStartedView, ValidateView } from '@countersign/contracts';
import { KeyStore, type HabitOffer, type Role } from '@countersign/core';
import { newId, sha256Hex } from '@countersign/service-kit';
import { startGateway, type Answer, type GatewayStage } from '../testing/gateway-stage';
import { HandOrchestrator } from '../testing/hand-orchestrator';

const PATH = '/hitl/parameter-memory';
const MODEL = { provider: 'scripted', model: 'scripted/image' };
const ALIKE = { palette: 'grey', width: 96 };

describe('parameter memory by HTTP', () => {
  let stage: GatewayStage;
  let hand: HandOrchestrator;
  const secrets: Record<string, string> = {};
  beforeAll(async () => {
    stage = await startGateway({ AUTH_MODE: 'api_key' });
    hand = new HandOrchestrator(stage.app);
    const key = async (userId: string, roles: Role[], tenantId = 't1'): Promise<void> => {
      const secret = `cs_${newId()}`;
      secrets[userId] = secret;
      await stage.app.get(KeyStore).create({ keyId: newId(), keyHash: sha256Hex(secret), tenantId, userId, roles, createdAt: new Date().toISOString(), revokedAt: null });
    };
    for (const user of ['ann', 'bob', 'cleo', 'dora', 'eve']) await key(user, ['requester']);
    await key('rev', ['reviewer']);
    await key('far', ['reviewer', 'admin'], 't2');
  });
  afterAll(() => stage.close());

  const as = <T>(user: string, method: string, path: string, body?: unknown): Promise<Answer<T>> =>
    stage.call<T>(method, path, { body, headers: { authorization: `Bearer ${secrets[user]}` } });
  const request = (parameters: object = {}) => ({ run_input: { prompt: 'hello', ...MODEL, parameters }, hitl_config: { policy: 'require_human' } });

  async function card(user: string, parameters: object = {}): Promise<ApprovalView> {
    const { body: { run_id: runId } } = await as<RunStartedView>(user, 'POST', '/hitl/run', request(parameters));
    await hand.advance(runId);
    const { body } = await as<ApprovalListView>(user, 'GET', `/hitl/approvals/pending?run_id=${runId}`);
    const [approval] = body.approvals;
    if (!approval) throw new Error('nobody is asked');
    return approval;
  }
  async function decide(user: string, { approval_id: id, run_id: runId }: ApprovalView, body: object): Promise<Answer<DecisionView>> {
    const answer = await as<DecisionView>(user, 'POST', `/hitl/approvals/${id}/decision`, body);
    await hand.advance(runId);
    return answer;
  }
  async function edited(user: string, edits: object, times = 1): Promise<void> {
    for (let n = 0; n < times; n += 1) expect((await decide(user, await card(user), { action: 'edit', edits })).status).toBe(200);
  }
  const list = async (user: string, query = ''): Promise<MemoryView[]> => (await as<MemoryListView>(user, 'GET', `${PATH}${query}`)).body.memories;
  const habits = ({ context }: ApprovalView) => (context.habits ?? []) as unknown as HabitOffer[];
  async function entry(user: string, field = 'palette'): Promise<MemoryView> {
    const found = (await list(user)).find((one) => one.field === field);
    if (!found) throw new Error(`nothing about ${field}`);
    return found;
  }

  it('lists what reviewers changed, with its evidence and how it stands', async () => {
    await edited('ann', { palette: 'grey' }, 2);
    expect(await list('ann')).toEqual([{
      memory_id: expect.any(String), user_id: 'ann', ...MODEL, version: '1', field: 'palette', before: 'warm', after: 'grey', state: 'noted',
      evidence: { alike: 2, of: 2, words: 'last 2 of 2: palette warm → grey' }, first_seen_at: expect.any(String), last_seen_at: expect.any(String),
      set_by: null, set_at: null, links: { self: expect.stringMatching(/^\/hitl\/parameter-memory\/[0-9a-f-]{36}$/) },
    }]);
    await edited('ann', ALIKE);
    expect(await entry('ann')).toMatchObject({ state: 'proposed', evidence: { alike: 3, of: 3 } });
    expect(await entry('ann', 'width')).toMatchObject({ state: 'noted', before: 64, after: 96 });
    const one = await entry('ann');
    expect((await as<MemoryView>('ann', 'GET', one.links.self)).body).toEqual(one);
  });

  it('proposes on the next card, takes it as an edit that is checked like any other, and offers nothing more where it is taken', async () => {
    const offered = await card('ann');
    expect(habits(offered)).toMatchObject([{ field: 'palette', before: 'warm', after: 'grey', evidence: 'last 3 of 3: palette warm → grey', state: 'proposed' }]);
    expect(offered.payload?.input).toEqual({ prompt: 'hello' });
    const answer = await decide('ann', offered, { action: 'edit', edits: { palette: habits(offered)[0]?.after }, payload_hash: offered.payload_hash });
    expect(answer.body.approval).toMatchObject({ status: 'edited' });
    expect(await hand.run(offered.run_id)).toMatchObject({ preparation: { payload: { input: { prompt: 'hello', palette: 'grey' } } } });
    expect(habits(await card('ann', { palette: 'cold' }))).toEqual([]);
    expect(habits(await card('bob'))).toEqual([]);
  });

  it('mutes, and proposes again when un-muted', async () => {
    const { memory_id: id } = await entry('ann');
    const muted = await as<MemoryView>('ann', 'PATCH', `${PATH}/${id}`, { state: 'muted' });
    expect([muted.status, muted.body]).toMatchObject([200, { state: 'muted', set_by: 'human:ann', set_at: expect.any(String) }]);
    expect(habits(await card('ann'))).toEqual([]);
    await edited('ann', { palette: 'grey' });
    expect(habits(await card('ann'))).toEqual([]);
    expect((await as<MemoryView>('ann', 'PATCH', `${PATH}/${id}`, { state: 'proposed' })).body).toMatchObject({ state: 'proposed', set_by: null, set_at: null });
    expect(habits(await card('ann'))).toHaveLength(1);
  });

  it('switched on, it is applied where nothing was given, explained beforehand, and named on the card; switched off it is not', async () => {
    const { memory_id: id } = await entry('ann');
    expect((await as<MemoryView>('rev', 'PATCH', `${PATH}/${id}`, { state: 'always' })).body).toMatchObject({ state: 'always', set_by: 'human:rev' });
    const fix = { field: 'palette', before: 'warm', after: 'grey', rule: `memory ${id}, switched on by human:rev`, memory_id: id };
    expect((await as<ValidateView>('ann', 'POST', '/hitl/validate', request())).body).toMatchObject({ payload: { input: { palette: 'grey' } }, fixes: [fix] });
    const ruled = await card('ann');
    expect(ruled).toMatchObject({ payload: { input: { prompt: 'hello', palette: 'grey' } }, context: { fixes: [fix] } });
    await decide('ann', ruled, { action: 'edit', edits: { palette: null } });
    expect((await hand.run(ruled.run_id)).preparation?.payload?.input).toEqual({ prompt: 'hello' });
    const given = await card('ann', { palette: 'warm' });
    expect(given.payload?.input).toEqual({ prompt: 'hello', palette: 'warm' });
    expect(habits(given)).toMatchObject([{ state: 'always', not_applied: expect.stringContaining('given') }]);
    await as('ann', 'PATCH', `${PATH}/${id}`, { state: 'proposed' });
    expect((await card('ann')).payload?.input).toEqual({ prompt: 'hello' });
  });

  it('shows one\'s own to oneself, the tenant\'s to reviewers, and to nobody else that it exists', async () => {
    await edited('bob', { height: 128 });
    const { memory_id: id } = await entry('bob', 'height');
    expect((await list('ann')).map(({ user_id: user }) => user)).not.toContain('bob');
    expect((await list('ann', '?user_id=bob'))).toEqual([]);
    expect((await list('rev', '?user_id=bob')).map(({ memory_id: seen }) => seen)).toEqual([id]);
    expect(await list('far')).toEqual([]);
    for (const user of ['ann', 'far']) {
      for (const [method, body] of [['GET', undefined], ['PATCH', { state: 'muted' }], ['DELETE', undefined]] as const) {
        expect((await as<ProblemView>(user, method, `${PATH}/${id}`, body))).toMatchObject({ status: 404, body: { code: 'MEMORY_NOT_FOUND' } });
      }
      expect((await as<ForgottenView>(user, 'DELETE', `${PATH}?provider=scripted&model=scripted/image&user_id=bob`)).body).toMatchObject({ deleted: 0 });
    }
    expect(await entry('bob', 'height')).toMatchObject({ state: 'noted' });
    expect((await as<MemoryView>('rev', 'PATCH', `${PATH}/${id}`, { state: 'muted' })).status).toBe(200);
  });

  it.each([
    ['PATCH', `/${newId()}`, { state: 'muted' }, 404], ['DELETE', `/${newId()}`, undefined, 404], ['GET', '/7', undefined, 404], ['GET', '?limit=0', undefined, 422], ['GET', '?cursor=7', undefined, 422],
    ['GET', '?field=palette', undefined, 422], ['DELETE', '', undefined, 422], ['DELETE', '?provider=scripted', undefined, 422],
  ])('refuses %s %s', async (method, path, body, status) => {
    const answer = await as<ProblemView>('ann', method, PATH + path, body);
    expect([answer.status, answer.body.status]).toEqual([status, status]);
  });

  it.each([{}, { state: 'noted' }, { state: 'on' }, { state: 'muted', more: 1 }, { state: null }])('refuses the state %j', async (body) => {
    const { memory_id: id } = await entry('bob', 'height');
    expect(await as<ProblemView>('bob', 'PATCH', `${PATH}/${id}`, body)).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } });
  });

  it('never keeps prompts and files, whoever edits them', async () => {
    await edited('cleo', { prompt: 'my name is Cleo Example', quality: 0.5 });
    expect((await list('cleo')).map(({ field }) => field)).toEqual(['quality']);
    expect(JSON.stringify(await list('cleo'))).not.toContain('Cleo Example');
  });

  it('goes page by page', async () => {
    await edited('dora', { palette: 'grey', width: 8, height: 8, delay_ms: 1, quality: 0.9 });
    const fields: string[] = [];
    for (let cursor: string | null = '', pages = 0; cursor !== null && pages < 9; pages += 1) {
      const { body }: Answer<MemoryListView> = await as('dora', 'GET', `${PATH}?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(body.total).toBe(5);
      fields.push(...body.memories.map(({ field }) => field));
      cursor = body.next_cursor;
    }
    expect(fields.sort()).toEqual(['delay_ms', 'height', 'palette', 'quality', 'width']);
  });

  it('deletes for good: one change, or all about a model', async () => {
    await edited('eve', ALIKE, 3);
    const { memory_id: id } = await entry('eve');
    expect((await as<ForgottenView>('eve', 'DELETE', `${PATH}/${id}`))).toMatchObject({ status: 200, body: { success: true, deleted: 1 } });
    expect((await as('eve', 'DELETE', `${PATH}/${id}`)).status).toBe(404);
    expect(habits(await card('eve')).map(({ field }) => field)).toEqual(['width']);
    await edited('eve', { palette: 'grey' });
    expect(await entry('eve')).toMatchObject({ state: 'noted', evidence: { alike: 1 } });
    expect((await as<ForgottenView>('eve', 'DELETE', `${PATH}?provider=scripted&model=scripted/image`)).body).toMatchObject({ deleted: 2 });
    expect(await list('eve')).toEqual([]);
    expect(habits(await card('eve'))).toEqual([]);
  });
});
