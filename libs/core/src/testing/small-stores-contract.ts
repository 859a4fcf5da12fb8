/// <reference types="jest" />
import type { ArtifactStore } from '../ports/artifact-store';
import type { FormStore, KnownForm } from '../ports/form-store';
import type { ApiKey, KeyStore } from '../ports/key-store';
import type { NoticeStore, Told } from '../ports/notice-store';
import type { Form } from '../validation/form';
import { NOON, testId } from './factories';
import { LATER } from './store-stage';

/** @param storedRunId makes a run that notices can be about. */
export function noticeStoreContract(store: () => NoticeStore, storedRunId: () => Promise<string>): void {
  const told = (seq: number, nextTryAt: string | null = null): Promise<Told> => Promise.resolve({ seq, nextTryAt });
  const place = async (runId: string, channel = 'socket'): Promise<number> => {
    let found = -1;
    await store().advance(runId, channel, (seq) => {
      found = seq;
      return told(seq);
    });
    return found;
  };

  it('starts before the first event and keeps how far a channel was told, each run and channel for itself', async () => {
    const [runId, other] = [await storedRunId(), await storedRunId()];
    expect(await place(runId)).toBe(0);
    await store().advance(runId, 'socket', () => told(4, LATER));
    expect([await place(runId), await place(runId, 'webhook'), await place(other)]).toEqual([4, 0, 0]);
  });

  it('keeps the place when telling failed, and says so', async () => {
    const runId = await storedRunId();
    await store().advance(runId, 'socket', () => told(2));
    await expect(store().advance(runId, 'socket', () => Promise.reject(new Error('nobody listens')))).rejects.toThrow('nobody listens');
    expect(await place(runId)).toBe(2);
  });

  it('lets one tell at a time, so that notices come once and in order', async () => {
    const runId = await storedRunId();
    const heard: number[] = [];
    let telling = 0;
    await Promise.all(Array.from({ length: 8 }, () => store().advance(runId, 'socket', async (seq) => {
      telling += 1;
      expect(telling).toBe(1);
      await Promise.resolve();
      heard.push(seq + 1);
      telling -= 1;
      return { seq: seq + 1, nextTryAt: null };
    })));
    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('lets another channel tell while one is slow', async () => {
    const runId = await storedRunId();
    let release: (value: Told) => void = () => undefined;
    let slow: Promise<void> = Promise.resolve();
    await new Promise<void>((hasBegun) => {
      slow = store().advance(runId, 'webhook', () => new Promise<Told>((resolve) => {
        release = resolve;
        hasBegun();
      }));
    });
    expect(await place(runId)).toBe(0);
    release({ seq: 1, nextTryAt: null });
    await slow;
    expect(await place(runId, 'webhook')).toBe(1);
  });
}

export function formStoreContract(store: () => FormStore): void {
  const form = (version: string): Form => ({
    provider: 'replicate', model: 'owner/name', version, digest: 'd'.repeat(64), title: 't', description: 'd', fields: [], rules: [],
    origin: 'schema', output: { kind: 'uri', media: 'image' }, rawSchema: { type: 'object', properties: { b: {}, a: {} } },
  });
  const known = (model: string, over: Partial<KnownForm> = {}): KnownForm => ({
    provider: 'replicate', model, requestedVersion: null, form: form('v1'), problem: null, fetchedAt: NOON, ...over,
  });

  it('keeps a form by the version it was asked for', async () => {
    const model = `owner/${testId()}`;
    const [newest, old] = [known(model), known(model, { requestedVersion: 'v0', form: form('v0') })];
    for (const each of [newest, old]) await store().save(each);
    expect(await store().find('replicate', model, null)).toEqual(newest);
    expect(await store().find('replicate', model, 'v0')).toEqual(old);
    for (const [provider, version] of [['local', null], ['replicate', 'v9']] as const) expect(await store().find(provider, model, version)).toBeNull();
  });

  it('replaces what was known before, a form by a problem and back', async () => {
    const model = `owner/${testId()}`;
    const problem = known(model, { form: null, problem: { reason: 'unavailable', detail: 'no answer', askedAt: NOON }, fetchedAt: LATER });
    for (const each of [known(model), problem]) {
      await store().save(each);
      expect(await store().find('replicate', model, null)).toEqual(each);
    }
    await Promise.all(Array.from({ length: 10 }, () => store().save(known(model))));
    expect(await store().find('replicate', model, null)).toEqual(known(model));
  });
}

export function keyStoreContract(store: () => KeyStore): void {
  const aKey = (over: Partial<ApiKey> = {}): ApiKey => {
    const keyId = testId();
    return { keyId, keyHash: `hash-${keyId}`, tenantId: `t-${keyId}`, userId: 'ann', roles: ['requester', 'reviewer'], createdAt: NOON, revokedAt: null, ...over };
  };

  it('finds an active key by its hash, and no other', async () => {
    const key = aKey();
    await store().create(key);
    expect(await store().findActive(key.keyHash)).toEqual(key);
    expect(await store().findActive('hash-of-nothing')).toBeNull();
  });

  it('revokes a key once, for good, and keeps it in the list', async () => {
    const key = aKey();
    await store().create(key);
    expect([await store().revoke(key.keyId, LATER), await store().revoke(key.keyId, LATER), await store().revoke(testId(), LATER)]).toEqual([true, false, false]);
    expect(await store().findActive(key.keyHash)).toBeNull();
    expect(await store().list(key.tenantId)).toEqual([{ ...key, revokedAt: LATER }]);
  });

  it('lists by tenant, oldest first, or all', async () => {
    const young = aKey({ createdAt: LATER });
    const old = aKey({ tenantId: young.tenantId });
    const foreign = aKey();
    for (const key of [young, old, foreign]) await store().create(key);
    expect((await store().list(young.tenantId)).map(({ keyId }) => keyId)).toEqual([old.keyId, young.keyId]);
    expect((await store().list(null)).map(({ keyId }) => keyId)).toEqual(expect.arrayContaining([old.keyId, young.keyId, foreign.keyId]));
  });

  it('takes each hash once', async () => {
    const key = aKey();
    await store().create(key);
    await expect(store().create(aKey({ keyHash: key.keyHash }))).rejects.toThrow();
  });
}

/** @param storedRunId makes a run that artifacts can belong to. */
export function artifactStoreContract(store: () => ArtifactStore, storedRunId: () => Promise<string>): void {
  it('keeps the entry of an upload and of an output, also of a very large one', async () => {
    for (const runId of [null, await storedRunId()]) {
      const artifact = {
        artifactId: testId(), tenantId: 'default', userId: 'ann', runId, sha256: 'c'.repeat(64), mime: 'image/png',
        bytes: 5_000_000_000, name: runId === null ? null : 'füchse "1".png', createdAt: NOON,
      };
      await store().save(artifact);
      expect(await store().find(artifact.artifactId)).toEqual(artifact);
    }
    expect(await store().find(testId())).toBeNull();
  });
}
