import type { OutputPart, StoredPart } from '@countersign/core';
import type { PictureScores } from '@countersign/providers';
import { CheckPictures, type LookAtPicture } from './check-pictures';
import { aJobPayload, approvedRun } from '../testing/approved-run';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

/** One pixel: enough for the store to know a PNG. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
const FLAG = { flag: 'nsfw', score: 0.9, why: 'a.png looks like pornography' };

describe('pictures of an answer', () => {
  let stage: ExecutorStage;
  const warnings: string[] = [];
  beforeAll(async () => {
    stage = await executorStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    warnings.length = 0;
    stage.provider.reset();
  });

  const scores = (porn: number): PictureScores => ({ drawing: 0, hentai: 0, neutral: 1 - porn, porn, sexy: 0 });
  const check = (look: LookAtPicture | null, ms = 5_000): CheckPictures => new CheckPictures(stage.files, look, (message) => void warnings.push(message), { ms });
  async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
    yield bytes;
  }
  async function stored(name: string, bytes: Uint8Array = PIXEL): Promise<StoredPart> {
    const file = await stage.files.put(once(bytes), { maxBytes: 1_000 });
    return { kind: 'file', pointer: '', artifactId: `id-of-${name}`, sha256: file.sha256, mime: file.mime, bytes: file.bytes, name };
  }

  it('are looked at as they were kept, and flagged one by one; other parts are not', async () => {
    const seen: Uint8Array[] = [];
    const look: LookAtPicture = async (bytes) => scores(seen.push(bytes) === 1 ? 0.9 : 0.1);
    const parts = [await stored('a.png'), await stored('b.png'), await stored('c.txt', Buffer.from('words')), { kind: 'text' as const, pointer: '', text: 'words' }];
    expect(await check(look).flagsOf(parts)).toEqual([FLAG]);
    expect(seen.map((bytes) => Buffer.from(bytes).equals(PIXEL))).toEqual([true, true]);
    expect(warnings).toEqual([]);
  });

  it('that cannot be looked at are told to the operator, and hold nothing up', async () => {
    const gone: StoredPart = { kind: 'file', pointer: '', artifactId: 'gone', sha256: 'f'.repeat(64), mime: 'image/png', bytes: 1, name: null };
    const large: StoredPart = { ...gone, artifactId: 'large', bytes: 60_000_000 };
    const broken: LookAtPicture = () => Promise.reject(new Error('no picture'));
    expect(await check(broken).flagsOf([await stored('a.png'), gone, large])).toEqual([]);
    expect(warnings).toEqual(['no picture', 'missing', 'more than'].map((words) => expect.stringContaining(words)));
  });

  it('are looked at only so long, and only so many', async () => {
    const never: LookAtPicture = (_, signal) => new Promise((_resolve, reject) => {
      if (signal.aborted) reject(new Error('time is up'));
      signal.addEventListener('abort', () => reject(new Error('time is up')));
    });
    expect(await check(never, 20).flagsOf([await stored('a.png'), await stored('b.png')])).toEqual([]);
    expect(warnings).toHaveLength(2);
    let looks = 0;
    await check(async () => { looks += 1; return scores(0); }).flagsOf(await Promise.all(Array.from({ length: 25 }, (_, index) => stored(`${index}.png`))));
    expect([looks, warnings.at(-1)]).toEqual([20, expect.stringContaining('5 more pictures')]);
  });

  it('nobody looks where there is no model', async () => {
    expect(await check(null).flagsOf([await stored('a.png')])).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('a harmless one goes through the executor without a flag, looked at by the real model', async () => {
    const run = await approvedRun(stage, { payload: aJobPayload() });
    await stage.launchOnce.launch(run.runId, 1);
    const part: OutputPart = { kind: 'file', pointer: '', source: { bytes: PIXEL }, mime: 'image/png', name: 'a.png' };
    stage.provider.script = { follow: () => Promise.resolve({ ok: true, state: { status: 'succeeded', output: { raw: null, parts: [part], doubts: [] }, metrics: { computeSeconds: 1, totalSeconds: 1 } } }) };
    await stage.look.lookById((await stage.launchOf(run.runId)).launchId);
    expect((await stage.launchOf(run.runId)).outcome).toMatchObject({ kind: 'succeeded', output: { parts: [{ kind: 'file' }], flags: [], doubts: [] } });
  });
});
