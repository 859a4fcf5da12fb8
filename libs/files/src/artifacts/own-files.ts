import type { Artifact, ArtifactFiles, ArtifactStore, InputFile } from '@countersign/core';

/** Our own uploads and artifacts, whatever host and signature their address carries; callers also build it from the place they uploaded to. */
const OWN_FILE = /\/(?:artifacts|uploads)\/([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})(?:[?#]|$)/i;

/** Finds our own files behind their addresses, for one tenant: nobody reads another tenant's file by knowing its id. */
export class OwnFiles {
  constructor(private readonly artifacts: ArtifactStore, private readonly files: ArtifactFiles) {}

  /** @returns null for what is not ours, and for what is another tenant's. */
  async find(tenantId: string, url: string): Promise<InputFile | null> {
    const artifact = await this.artifact(tenantId, url);
    if (!artifact) return null;
    const { sha256, mime, bytes, name } = artifact;
    return { mime, bytes, name, read: () => readAll(this.files, sha256) };
  }

  /** @returns the hash under which the file is stored, hex; null as for `find`. */
  async sha256(tenantId: string, url: string): Promise<string | null> {
    return (await this.artifact(tenantId, url))?.sha256 ?? null;
  }

  private async artifact(tenantId: string, url: string): Promise<Artifact | null> {
    const artifactId = OWN_FILE.exec(url)?.[1];
    const artifact = artifactId ? await this.artifacts.find(artifactId.toLowerCase()) : null;
    return artifact && artifact.tenantId === tenantId ? artifact : null;
  }
}

async function* readAll(files: ArtifactFiles, sha256: string): AsyncIterable<Uint8Array> {
  const opened = await files.open(sha256);
  if (opened.outcome !== 'ok') throw new Error('the stored file is missing');
  yield* opened.stream;
}
