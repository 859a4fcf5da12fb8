/// <reference types="jest" />
/*
 * What this is: the promises of a ParameterMemory, and of the commit that feeds it, run on every adapter.
 * Invariants it tests: a decision is remembered with its consequence, once (4); what is kept is bounded; what is forgotten is gone.
 */
import { habitEvidence, MAX_MEMORIES, MAX_OBSERVATIONS, memoryState, REVIEWED_WINDOW, type Ruling } from '../memory/habit';
import type { Observation, Sighting } from '../memory/observation';
import { addMs, type Json } from '../json';
import type { MemoryOwner, ParameterMemory } from '../ports/parameter-memory';
import { aConsent, NOON, testId } from './factories';
import { allowed, storedRun, type StoreStage } from './store-stage';

const ANN = { tenantId: 'default', userId: 'ann', roles: ['requester'] as const };
const REVIEWER = { tenantId: 'default', userId: 'rob', roles: ['reviewer'] as const };
const PAGE = { limit: 50, cursor: null };
const ALWAYS: Ruling = { state: 'always', by: 'human:ann', at: NOON };

/** A UUIDv7 of its minute: entries sort by the time of the approval. */
const idAt = (minute: number): string => `019e${minute.toString(16).padStart(4, '0')}${testId().slice(8)}`;

export function parameterMemoryContract(stage: () => StoreStage, memory: () => ParameterMemory): void {
  const anOwner = (over: Partial<MemoryOwner> = {}): MemoryOwner => ({ tenantId: 'default', userId: 'ann', provider: 'scripted', model: `owner/${testId()}`, version: '1', ...over });
  const change = (before: Json, after: Json, field = 'aspect_ratio'): Sighting => ({ field, before, after });
  let minutes = 0;
  const anObservation = (owner: MemoryOwner, fields: Sighting[], over: Partial<Observation> = {}): Observation => {
    minutes += 1;
    return { ...owner, approvalId: idAt(minutes), changed: fields.some(({ before, after }) => before !== after), fields, by: 'human:rob', at: addMs(NOON, minutes * 60_000), ...over };
  };
  async function commit(observation: Observation): Promise<boolean> {
    const run = await storedRun(stage(), 'running', 'payload_review');
    const event = { type: 'approved' as const, consent: aConsent({ payloadHash: run.preparation?.payloadHash ?? '' }), observed: observation };
    return (await stage().runs.commit(allowed(run, event), [], [])).ok;
  }
  async function observe(owner: MemoryOwner, ...cards: Sighting[][]): Promise<void> {
    for (const fields of cards) await commit(anObservation(owner, fields));
  }
  const only = async (owner: MemoryOwner) => {
    const { entries } = await memory().of(owner);
    if (entries.length !== 1 || !entries[0]) throw new Error(`${entries.length} entries`);
    return entries[0];
  };

  it('knows nothing about whom it never saw', async () => {
    expect(await memory().of(anOwner())).toEqual({ entries: [], reviewed: { payloads: 0, changed: 0 } });
    expect([await memory().find(testId()), await memory().rule(testId(), ALWAYS), await memory().forget(testId()), await memory().forgetAll(anOwner())]).toEqual([null, null, false, 0]);
  });

  it('keeps a change with every card on which its field was seen, newest first', async () => {
    const owner = anOwner();
    await observe(owner, [change('1:1', '1:1'), change(4, 4, 'steps')], [change('1:1', '16:9')], [change('1:1', '16:9'), change(4, 4, 'steps')]);
    const entry = await only(owner);
    expect(entry).toMatchObject({ ...owner, field: 'aspect_ratio', before: '1:1', after: '16:9', ruling: null });
    expect(entry.seen).toEqual([{ before: '1:1', after: '16:9' }, { before: '1:1', after: '16:9' }, { before: '1:1', after: '1:1' }]);
    expect(entry.lastSeenAt > entry.firstSeenAt).toBe(true);
    expect(await memory().find(entry.memoryId)).toEqual(entry);
    expect((await memory().of(owner)).reviewed).toEqual({ payloads: 3, changed: 2 });
  });

  it.each<[Json, Json]>([[null, 'x'], [true, false], [0, null], [1e21, 0.1], ['ä "€" \\', null]])('keeps %j → %j as it is', async (before, after) => {
    const owner = anOwner();
    await observe(owner, [change(before, after)], [change(before, after)], [change(before, after)]);
    const entry = await only(owner);
    expect(entry).toMatchObject({ before, after });
    expect(habitEvidence(entry)).toMatchObject({ alike: 3, of: 3, isHabit: true });
    expect(await memory().forget(entry.memoryId)).toBe(true);
    expect((await memory().of(owner)).entries).toEqual([]);
  });

  it('remembers each approval once, and nothing of a move that lost', async () => {
    const owner = anOwner();
    const observation = anObservation(owner, [change('1:1', '16:9')]);
    expect([await commit(observation), await commit(observation)]).toEqual([true, true]);
    expect((await only(owner)).seen).toHaveLength(1);
    const run = await storedRun(stage(), 'running', 'payload_review');
    const consent = aConsent({ payloadHash: run.preparation?.payloadHash ?? '' });
    const racers = Array.from({ length: 8 }, () => allowed(run, { type: 'approved', consent, observed: anObservation(owner, [change('1:1', '16:9')]) }));
    const answers = await Promise.all(racers.map((racer) => stage().runs.commit(racer, [], [])));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await only(owner)).seen).toHaveLength(2);
  });

  it('of many moves at once loses none', async () => {
    const owner = anOwner();
    const answers = await Promise.all(Array.from({ length: 12 }, () => commit(anObservation(owner, [change(1, 2, 'a'), change('x', 'y', 'b'), change(true, false, 'c')]))));
    expect(answers).toEqual(Array.from({ length: 12 }, () => true));
    expect((await memory().of(owner)).entries.map(({ field, seen }) => [field, seen.length]).sort()).toEqual([['a', 12], ['b', 12], ['c', 12]]);
  });

  it('keeps users, tenants, models and versions apart', async () => {
    const owner = anOwner();
    await observe(owner, [change('1:1', '16:9')]);
    for (const other of [{ userId: 'bob' }, { tenantId: 'other' }, { provider: 'replicate' }, { model: 'owner/other' }, { version: '2' }]) {
      expect((await memory().of({ ...owner, ...other })).entries).toEqual([]);
    }
  });

  it('is bounded for each user and model: the oldest go', async () => {
    const owner = anOwner();
    for (let n = 0; n < MAX_OBSERVATIONS + 3; n += 1) await observe({ ...owner, version: String(n % 2) }, [change(n, n, 'seed'), change(1, 2)]);
    const [even, odd] = [await only({ ...owner, version: '0' }), await only({ ...owner, version: '1' })];
    expect(even.seen.length + odd.seen.length).toBe(MAX_OBSERVATIONS);
    expect((await memory().of({ ...owner, version: '0' })).reviewed.payloads).toBe(REVIEWED_WINDOW);
    const many = anOwner();
    await observe(many, [change(0, 1, 'ruled')]);
    await memory().rule((await only(many)).memoryId, ALWAYS);
    for (let n = 0; n < MAX_MEMORIES + 60; n += 20) await observe(many, Array.from({ length: 20 }, (_, at) => change(n + at, -1)));
    const { entries } = await memory().of(many);
    expect(entries.length).toBeLessThanOrEqual(MAX_MEMORIES + 1 + 20);
    expect(entries.map(({ field }) => field)).toContain('ruled');
    expect(entries.some(({ before }) => before === MAX_MEMORIES + 59)).toBe(true);
    expect(entries.some(({ before, field }) => before === 0 && field === 'aspect_ratio')).toBe(false);
  }, 60_000);

  it('keeps a ruling until it is taken away, and one rule for each value of a field', async () => {
    const owner = anOwner();
    await observe(owner, [change('1:1', '16:9')], [change('1:1', '4:3')], [change('2:1', '3:1')]);
    const { entries } = await memory().of(owner);
    const id = (after: string): string => entries.find((entry) => entry.after === after)?.memoryId ?? '';
    expect(await memory().rule(id('3:1'), ALWAYS)).toMatchObject({ ruling: ALWAYS });
    expect(await memory().rule(id('16:9'), ALWAYS)).toMatchObject({ ruling: ALWAYS });
    expect(await memory().rule(id('4:3'), ALWAYS)).toMatchObject({ ruling: ALWAYS });
    expect((await memory().of(owner)).entries.map((entry) => [entry.after, memoryState(entry)]).sort()).toEqual([['16:9', 'noted'], ['3:1', 'always'], ['4:3', 'always']]);
    await observe(owner, [change('1:1', '4:3')]);
    expect(await memory().find(id('4:3'))).toMatchObject({ ruling: ALWAYS });
    expect(await memory().rule(id('4:3'), { ...ALWAYS, state: 'muted' })).toMatchObject({ ruling: { state: 'muted' } });
    expect(await memory().rule(id('4:3'), null)).toMatchObject({ ruling: null });
  });

  it('forgets a change with the sightings behind it, and leaves the rest', async () => {
    const owner = anOwner();
    await observe(owner, [change('1:1', '16:9'), change(4, 8, 'steps')], [change('1:1', '16:9')], [change('1:1', '1:1')]);
    const entry = (await memory().of(owner)).entries.find(({ field }) => field === 'aspect_ratio');
    expect(await memory().forget(entry?.memoryId ?? '')).toBe(true);
    expect(await only(owner)).toMatchObject({ field: 'steps' });
    await observe(owner, [change('1:1', '16:9')]);
    expect((await memory().of(owner)).entries.find(({ field }) => field === 'aspect_ratio')?.seen).toEqual([{ before: '1:1', after: '16:9' }, { before: '1:1', after: '1:1' }]);
  });

  it('forgets everything of a user and a model, and nothing else', async () => {
    const owner = anOwner();
    const others = [{ ...owner, userId: 'bob' }, { ...owner, model: `${owner.model}-other` }, { ...owner, tenantId: 'other' }];
    for (const each of [owner, { ...owner, version: '2' }, ...others]) await observe(each, [change('1:1', '16:9')]);
    expect(await memory().forgetAll(owner)).toBe(2);
    for (const version of ['1', '2']) expect(await memory().of({ ...owner, version })).toEqual({ entries: [], reviewed: { payloads: 0, changed: 0 } });
    for (const other of others) expect((await memory().of(other)).entries).toHaveLength(1);
  });

  it('lists what one may see, newest first, page by page', async () => {
    const owner = anOwner();
    await observe(owner, [change(1, 2, 'a')], [change(1, 2, 'b')], [change(1, 2, 'c')]);
    await observe({ ...owner, userId: 'bob' }, [change(1, 2, 'd')]);
    await observe({ ...owner, tenantId: 'other' }, [change(1, 2, 'e')]);
    const { model } = owner;
    const fields = async (principal: typeof ANN | typeof REVIEWER, filter = {}) => (await memory().list(principal, { model, ...filter }, PAGE)).items.map(({ field }) => field);
    expect(await fields(ANN)).toEqual(['c', 'b', 'a']);
    expect(await fields(ANN, { userId: 'bob' })).toEqual([]);
    expect(await fields(REVIEWER)).toEqual(['d', 'c', 'b', 'a']);
    expect(await fields(REVIEWER, { userId: 'bob' })).toEqual(['d']);
    expect(await fields(REVIEWER, { provider: 'replicate' })).toEqual([]);
    const first = await memory().list(ANN, { model }, { limit: 2, cursor: null });
    expect(first).toMatchObject({ total: 3, items: [{ field: 'c' }, { field: 'b', seen: [{ before: 1, after: 2 }] }] });
    const second = await memory().list(ANN, { model }, { limit: 2, cursor: first.nextCursor });
    expect(second).toMatchObject({ total: 3, items: [{ field: 'a' }], nextCursor: null });
  });
}
