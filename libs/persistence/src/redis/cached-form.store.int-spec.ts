import { formStoreContract, testId } from '@countersign/core/testing';
import type { Form, KnownForm } from '@countersign/core';
import { freshRedis, type FreshRedis } from '@countersign/testing';
import { Redis } from 'ioredis';
import { PostgresFormStore } from '../postgres/stores/postgres-form.store';
import { databaseStage, type DatabaseStage } from '../testing/database-stage';
import { CachedFormStore } from './cached-form.store';

const NOON = '2026-11-22T12:00:00.000Z';

describe('CachedFormStore', () => {
  let stage: DatabaseStage;
  let server: FreshRedis;
  let redis: Redis;
  let truth: PostgresFormStore;
  let store: CachedFormStore;
  beforeAll(async () => {
    [stage, server] = await Promise.all([databaseStage(), freshRedis()]);
    redis = new Redis(server.url);
    truth = new PostgresFormStore(stage.dataSource);
    store = new CachedFormStore(truth, redis, { prefix: `${server.keyPrefix}:` });
  });
  afterAll(async () => {
    redis.disconnect();
    await Promise.all([stage.close(), server.drop()]);
  });

  formStoreContract(() => store);

  const form = (model: string, version: string, title = 't'): Form => ({
    provider: 'replicate', model, version, digest: version.repeat(64).slice(0, 64), title, description: '', fields: [], rules: [],
    origin: 'schema', output: { kind: 'any' }, rawSchema: {},
  });
  const known = (model: string, version = 'a', over: Partial<KnownForm> = {}): KnownForm =>
    ({ provider: 'replicate', model, requestedVersion: null, form: form(model, version), problem: null, fetchedAt: NOON, ...over });
  const change = (model: string, title: string) => stage.pool.query("UPDATE model_forms SET form = jsonb_set(form, '{title}', to_jsonb($2::text)) WHERE model = $1", [model, title]);

  it('asks Postgres once', async () => {
    const model = `o/${testId()}`;
    await truth.save(known(model));
    expect((await store.find('replicate', model, null))?.form?.title).toBe('t');
    await change(model, 'changed behind its back');
    expect((await store.find('replicate', model, null))?.form?.title).toBe('t');
  });

  it('loses nothing when Redis is emptied, at whatever moment', async () => {
    const model = `o/${testId()}`;
    await store.save(known(model));
    await server.flush();
    expect(await store.find('replicate', model, null)).toEqual(known(model));
    const pointer = (await redis.keys(`*form-of:replicate/${model}@*`))[0] ?? '';
    const body = (await redis.keys(`*form:replicate/${model}@*`))[0] ?? '';
    for (const lost of [pointer, body]) {
      expect(lost).not.toBe('');
      await redis.del(lost);
      expect(await store.find('replicate', model, null)).toEqual(known(model));
    }
  });

  it('has a new version at once, and keeps the old one for whoever names it', async () => {
    const model = `o/${testId()}`;
    await store.save(known(model, 'a', { requestedVersion: 'a' }));
    await store.save(known(model, 'a'));
    await store.save(known(model, 'b', { fetchedAt: '2026-11-22T12:10:00.000Z' }));
    expect(await store.find('replicate', model, null)).toMatchObject({ form: { version: 'b' }, fetchedAt: '2026-11-22T12:10:00.000Z' });
    expect(await store.find('replicate', model, 'a')).toMatchObject({ form: { version: 'a' } });
  });

  it('a reader who read before a change does not put the old form back', async () => {
    const model = `o/${testId()}`;
    await truth.save(known(model, 'a'));
    const slow = new CachedFormStore({
      find: async (...asked) => {
        const read = await truth.find(...asked);
        await store.save(known(model, 'b'));
        return read;
      },
      save: (each) => truth.save(each),
    }, redis, { prefix: `${server.keyPrefix}:` });
    expect((await slow.find('replicate', model, null))?.form?.version).toBe('a');
    expect((await store.find('replicate', model, null))?.form?.version).toBe('b');
  });

  it('dresses what is read, from either place, and keeps it as it came', async () => {
    const model = `o/${testId()}`;
    const dressed = new CachedFormStore(truth, redis, { prefix: `${server.keyPrefix}:`, dress: (each) => ({ ...each, title: 'dressed' }) });
    await dressed.save(known(model));
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await dressed.find('replicate', model, null))?.form?.title).toBe('dressed');
      expect((await store.find('replicate', model, null))?.form?.title).toBe('t');
      await server.flush();
    }
  });

  it('parses a form once, and sees the next version at once', async () => {
    const model = `o/${testId()}`;
    let dressings = 0;
    const counting = new CachedFormStore(truth, redis, { prefix: `${server.keyPrefix}:`, dress: (each) => (dressings += 1, each) });
    await store.save(known(model));
    const [first, second] = [await counting.find('replicate', model, null), await counting.find('replicate', model, null)];
    expect(second?.form).toBe(first?.form);
    expect(dressings).toBe(1);
    await store.save(known(model, 'b'));
    expect((await counting.find('replicate', model, null))?.form?.version).toBe('b');
  });

  it('forgets by itself', async () => {
    const model = `o/${testId()}`;
    await store.save(known(model));
    const all = await redis.keys(`*${model}*`);
    expect(all).toHaveLength(2);
    for (const key of all) expect(await redis.ttl(key)).toBeGreaterThan(0);
  });

  it('keeps no form that is too large, and no trouble', async () => {
    const [large, trouble] = [`o/${testId()}`, `o/${testId()}`];
    await store.save(known(large, 'a', { form: { ...form(large, 'a'), description: 'x'.repeat(500_000) } }));
    await store.save(known(trouble, 'a', { form: null, problem: { reason: 'unavailable', detail: 'd', askedAt: NOON } }));
    expect(await store.find('replicate', large, null)).toMatchObject({ form: { version: 'a' } });
    expect(await store.find('replicate', trouble, null)).toMatchObject({ form: null });
    expect([...await redis.keys(`*${large}*`), ...await redis.keys(`*${trouble}*`)]).toEqual([]);
  });

  it('works without Redis', async () => {
    const gone = new Redis(server.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    gone.on('error', () => undefined);
    gone.disconnect();
    const alone = new CachedFormStore(truth, gone, { prefix: `${server.keyPrefix}:` });
    const model = `o/${testId()}`;
    await alone.save(known(model));
    expect(await alone.find('replicate', model, null)).toEqual(known(model));
  });
});
