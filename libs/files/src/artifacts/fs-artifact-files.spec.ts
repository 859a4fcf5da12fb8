import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactFilesContract } from '@countersign/core/testing';
import { FsArtifactFiles } from './fs-artifact-files';

const folders: string[] = [];

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'countersign-files-'));
  folders.push(folder);
  return folder;
}

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

describe('FsArtifactFiles', () => {
  artifactFilesContract(async () => new FsArtifactFiles(await freshFolder()));

  it('leaves no half-written file behind, whatever happens', async () => {
    const folder = await freshFolder();
    const files = new FsArtifactFiles(folder);
    const broken = (async function* (): AsyncIterable<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('gone');
    })();
    await expect(files.put(broken, { maxBytes: 100 })).rejects.toThrow('gone');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('finds what another process stored', async () => {
    const folder = await freshFolder();
    const { sha256 } = await new FsArtifactFiles(folder).put(streamOf('kept'), { maxBytes: 100 });
    expect(await new FsArtifactFiles(folder).has(sha256)).toBe(true);
  });

  it('clears away old drafts and no others', async () => {
    const folder = await freshFolder();
    const files = new FsArtifactFiles(folder);
    await files.removeLeftovers(0);
    await files.put(streamOf('x'), { maxBytes: 100 });
    for (const name of ['put-old', 'put-young', 'other']) await writeFile(join(folder, 'tmp', name), '');
    const hourAgo = Date.now() / 1000 - 3600;
    await utimes(join(folder, 'tmp', 'put-old'), hourAgo, hourAgo);
    await utimes(join(folder, 'tmp', 'other'), hourAgo, hourAgo);
    await files.removeLeftovers(60_000);
    expect((await readdir(join(folder, 'tmp'))).sort()).toEqual(['other', 'put-young']);
  });

  it('passes on what the disk says', async () => {
    const folder = await freshFolder();
    const notAFolder = join(folder, 'file');
    await writeFile(notAFolder, '');
    await expect(new FsArtifactFiles(notAFolder).put(streamOf('x'), { maxBytes: 100 })).rejects.toThrow('ENOTDIR');
  });
});

async function* streamOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
