import { createHash, randomBytes } from 'node:crypto';
import type { JsonObject } from '@countersign/core';

const KEEP_MS = 86_400_000; // expires_at is created_at + 24 hours, exactly
const MAX_TOTAL_BYTES = 500_000_000; // in memory; the oldest go
export const MAX_UPLOAD_BYTES = 100_000_000;

export interface StoredFile {
  id: string;
  name: string;
  mime: string;
  bytes: Uint8Array;
  metadata: JsonObject;
  createdAt: Date;
}

/** Files in memory, oldest out first: uploads of the files API and outputs of the delivery host. */
export class StoredFiles {
  private readonly files = new Map<string, StoredFile>();
  private total = 0;

  add(file: Pick<StoredFile, 'name' | 'mime' | 'bytes'> & { metadata?: JsonObject }): StoredFile {
    const stored = { ...file, metadata: file.metadata ?? {}, id: randomBytes(24).toString('base64url'), createdAt: new Date() };
    this.files.set(stored.id, stored);
    this.total += stored.bytes.byteLength;
    for (const id of this.files.keys()) {
      if (this.total <= MAX_TOTAL_BYTES || id === stored.id) break;
      this.delete(id);
    }
    return stored;
  }

  get(id: string): StoredFile | undefined {
    return this.files.get(id);
  }

  all(): StoredFile[] {
    return [...this.files.values()].reverse();
  }

  delete(id: string): boolean {
    this.total -= this.files.get(id)?.bytes.byteLength ?? 0;
    return this.files.delete(id);
  }
}

/** A file as the files API shows it. */
export function fileJson(file: StoredFile, apiUrl: string): JsonObject {
  return {
    id: file.id,
    name: file.name,
    content_type: file.mime,
    size: file.bytes.byteLength,
    etag: createHash('md5').update(file.bytes).digest('hex'),
    checksums: { sha256: createHash('sha256').update(file.bytes).digest('hex') },
    metadata: file.metadata,
    created_at: file.createdAt.toISOString(),
    expires_at: new Date(file.createdAt.getTime() + KEEP_MS).toISOString(),
    urls: { get: `${apiUrl}/files/${file.id}` },
  };
}
