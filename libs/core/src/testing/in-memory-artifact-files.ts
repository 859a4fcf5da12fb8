import { ArtifactFiles, FileError, resolveRange } from '../ports/artifact-files';
import type { FileRange, OpenedFile, StoredFile } from '../ports/artifact-files';

const PNG = [0x89, 0x50, 0x4e, 0x47];

/** Keeps files in memory; knows a PNG when it sees one and calls everything else `application/octet-stream`. */
export class InMemoryArtifactFiles extends ArtifactFiles {
  private readonly contents = new Map<string, Uint8Array>();

  async put(stream: AsyncIterable<Uint8Array>, limits: { maxBytes: number }): Promise<StoredFile> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of stream) {
      size += chunk.byteLength;
      if (size > limits.maxBytes) throw new FileError('file_too_large', `The file is larger than ${limits.maxBytes} bytes.`);
      chunks.push(chunk.slice());
    }
    const content = joined(chunks, size);
    const sha256 = await hashOf(content);
    this.contents.set(sha256, content);
    const isPng = PNG.every((byte, index) => content[index] === byte);
    return { sha256, bytes: size, mime: isPng ? 'image/png' : 'application/octet-stream', inlineSafe: isPng };
  }

  async open(sha256: string, range?: FileRange): Promise<OpenedFile> {
    const content = this.contents.get(sha256);
    if (content === undefined) return { outcome: 'missing' };
    const part = resolveRange(range, content.byteLength);
    if (part === null) return { outcome: 'bad_range', bytes: content.byteLength };
    return { outcome: 'ok', bytes: content.byteLength, ...part, stream: once(content.slice(part.start, part.end + 1)) };
  }

  async has(sha256: string): Promise<boolean> {
    return this.contents.has(sha256);
  }

  async remove(sha256: string): Promise<void> {
    this.contents.delete(sha256);
  }
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  const content = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.byteLength;
  }
  return content;
}

async function hashOf(content: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', content as Uint8Array<ArrayBuffer>));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
