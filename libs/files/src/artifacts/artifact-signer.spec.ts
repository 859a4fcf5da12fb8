import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactSigner } from './artifact-signer';
import { installationKey } from './installation-key';

const MINUTE_MS = 60_000;
const given = (path: string): { expires: string; sig: string } => {
  const { searchParams } = new URL(path, 'http://here');
  return { expires: searchParams.get('expires') ?? '', sig: searchParams.get('sig') ?? '' };
};

describe('ArtifactSigner', () => {
  const signer = new ArtifactSigner(Buffer.alloc(32, 7));
  const now = Date.parse('2026-11-22T10:01:00.000Z');
  const path = signer.path('id-1', now);

  it('opens its own file for an hour, and a little more so that addresses stay the same for a while', () => {
    expect(path).toMatch(/^\/artifacts\/id-1\?expires=\d+&sig=[\w-]{43}$/);
    expect(signer.isValid('id-1', given(path), now + 60 * MINUTE_MS)).toBe(true);
    expect(signer.isValid('id-1', given(path), now + 66 * MINUTE_MS)).toBe(false);
    expect(signer.path('id-1', now + MINUTE_MS)).toBe(path);
  });

  it('opens nothing else', () => {
    const { expires, sig } = given(path);
    expect(signer.isValid('id-2', { expires, sig }, now)).toBe(false);
    expect(signer.isValid('id-1', { expires: String(Number(expires) + 1), sig }, now)).toBe(false);
    expect(signer.isValid('id-1', { expires, sig: '' }, now)).toBe(false);
    expect(signer.isValid('id-1', { expires, sig: 'ä'.repeat(43) }, now)).toBe(false);
    expect(new ArtifactSigner(Buffer.alloc(32, 8)).isValid('id-1', { expires, sig }, now)).toBe(false);
  });
});

describe('installationKey', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'countersign-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is the same for everybody who comes at the same moment, and only the owner may read it', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => installationKey(join(dataDir, 'deep'), 'k')));
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1);
    expect(await readdir(join(dataDir, 'deep'))).toEqual(['k.key']);
    expect((await stat(join(dataDir, 'deep', 'k.key'))).mode & 0o777).toBe(0o600);
  });

  it('says so when the file holds no key', async () => {
    await writeFile(join(dataDir, 'k.key'), 'short');
    await expect(installationKey(dataDir, 'k')).rejects.toThrow('does not hold a key');
  });
});
