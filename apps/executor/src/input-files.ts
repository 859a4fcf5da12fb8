import { isJsonObject, type ArtifactFiles, type ArtifactStore, type InputFile, type Json, type OpenInput, type Payload } from '@countersign/core';
import { createOpenInput, type GuardedFetch } from '@countersign/files';

/** Our own uploads and artifacts, whatever address they carry. */
const OWN_FILE = /\/artifacts\/([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})(?:[?#]|$)/i;
/** URLs looked at in one payload: more than any form has file fields. */
const MAX_URLS = 200;

export interface OpenFiles {
  open: OpenInput;
  isOwn(url: string): boolean;
}

/** Opens the files a payload names, for one tenant: nobody reads another tenant's artifact by knowing its id. */
export class InputFiles {
  constructor(private readonly artifacts: ArtifactStore, private readonly files: ArtifactFiles, private readonly fetch: GuardedFetch) {}

  async of(tenantId: string, payload: Payload): Promise<OpenFiles> {
    const own = new Map<string, InputFile>();
    for (const url of urlsIn(payload.input).slice(0, MAX_URLS)) {
      const file = await this.ownFile(tenantId, url);
      if (file) own.set(url, file);
    }
    return {
      isOwn: (url) => own.has(url),
      open: createOpenInput({ own: (url) => Promise.resolve(own.get(url) ?? null), fetch: this.fetch }),
    };
  }

  private async ownFile(tenantId: string, url: string): Promise<InputFile | null> {
    const artifactId = OWN_FILE.exec(url)?.[1];
    const artifact = artifactId ? await this.artifacts.find(artifactId.toLowerCase()) : null;
    if (!artifact || artifact.tenantId !== tenantId) return null;
    const { sha256, mime, bytes, name } = artifact;
    return { mime, bytes, name, read: () => readAll(this.files, sha256) };
  }
}

async function* readAll(files: ArtifactFiles, sha256: string): AsyncIterable<Uint8Array> {
  const opened = await files.open(sha256);
  if (opened.outcome !== 'ok') throw new Error('the stored file is missing');
  yield* opened.stream;
}

function urlsIn(value: Json): string[] {
  if (typeof value === 'string') return value.includes('/artifacts/') ? value.split(/[,\n]/).map((part) => part.trim()) : [];
  if (Array.isArray(value)) return value.flatMap(urlsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(urlsIn) : [];
}
