/*
 * What this is: the artifact store on a disk. `<dataDir>/artifacts/<aa>/<sha256>`, written beside it in `<dataDir>/tmp`.
 * Invariant: a name that exists holds all the bytes it stands for, whatever is killed when: content is synced before it
 * gets its name, and the name before put() resolves.
 * To extend: another place to keep files (S3) is another ArtifactFiles; the contract suite in core says what it must do.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactFiles, FileError, resolveRange } from '@countersign/core';
import type { FileRange, OpenedFile, StoredFile } from '@countersign/core';
import { HEAD_BYTES, isInlineSafe, sniff } from '../content/sniff';

const SHA256 = /^[0-9a-f]{64}$/;

export class FsArtifactFiles extends ArtifactFiles {
  private readonly root: string;
  private readonly temporary: string;

  /** @param dataDir the installation's data directory; made when it is missing. */
  constructor(dataDir: string) {
    super();
    this.root = join(dataDir, 'artifacts');
    this.temporary = join(dataDir, 'tmp');
  }

  async put(stream: AsyncIterable<Uint8Array>, limits: { maxBytes: number }): Promise<StoredFile> {
    await mkdir(this.temporary, { recursive: true });
    const draft = join(this.temporary, `put-${randomUUID()}`);
    try {
      const stored = await this.write(draft, stream, limits.maxBytes);
      await this.giveName(draft, stored.sha256);
      return stored;
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  async open(sha256: string, range?: FileRange): Promise<OpenedFile> {
    const bytes = await this.sizeOf(sha256);
    if (bytes === null) return { outcome: 'missing' };
    const part = resolveRange(range, bytes);
    if (part === null) return { outcome: 'bad_range', bytes };
    return { outcome: 'ok', bytes, ...part, stream: read(this.pathOf(sha256), part.start, part.end) };
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.sizeOf(sha256)) !== null;
  }

  async remove(sha256: string): Promise<void> {
    if (SHA256.test(sha256)) await rm(this.pathOf(sha256), { force: true });
  }

  /** Clears away what a killed process left half written. Files younger than `olderThanMs` may still be in the making. */
  async removeLeftovers(olderThanMs: number): Promise<void> {
    const names = await readdir(this.temporary).catch(() => []);
    for (const name of names.filter((each) => each.startsWith('put-'))) {
      const path = join(this.temporary, name);
      const found = await stat(path).catch(() => null);
      if (found !== null && Date.now() - found.mtimeMs > olderThanMs) await rm(path, { force: true });
    }
  }

  private async write(draft: string, stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
    const file = await open(draft, 'wx');
    try {
      const hash = createHash('sha256');
      const head = Buffer.alloc(HEAD_BYTES);
      let bytes = 0;
      for await (const chunk of stream) {
        if (bytes < HEAD_BYTES) head.set(chunk.subarray(0, HEAD_BYTES - bytes), bytes);
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new FileError('file_too_large', `The file is larger than ${maxBytes} bytes.`);
        hash.update(chunk);
        await writeAll(file, chunk);
      }
      await file.sync();
      const mime = sniff(head.subarray(0, Math.min(bytes, HEAD_BYTES)));
      return { sha256: hash.digest('hex'), bytes, mime, inlineSafe: isInlineSafe(mime) };
    } finally {
      await file.close();
    }
  }

  private async giveName(draft: string, sha256: string): Promise<void> {
    const folder = join(this.root, sha256.slice(0, 2));
    await mkdir(folder, { recursive: true });
    await rename(draft, this.pathOf(sha256));
    await syncFolder(folder);
  }

  private async sizeOf(sha256: string): Promise<number | null> {
    if (!SHA256.test(sha256)) return null;
    const found = await stat(this.pathOf(sha256)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    return found?.size ?? null;
  }

  private pathOf(sha256: string): string {
    return join(this.root, sha256.slice(0, 2), sha256);
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) written += (await file.write(chunk, written)).bytesWritten;
}

/** A new name is durable only when its folder is; Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Opens the file only when it is read, so that a stream nobody reads holds nothing. */
async function* read(path: string, start: number, end: number): AsyncIterable<Uint8Array> {
  if (end < start) return;
  yield* createReadStream(path, { start, end }) as AsyncIterable<Uint8Array>;
}
