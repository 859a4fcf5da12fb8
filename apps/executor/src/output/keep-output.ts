/*
 * What this is: copies a provider's answer into our own store, because its links die and ours do not.
 * Invariant: a file that cannot be fetched is told in words and loses nothing else; files are named by their bytes, so keeping
 * an answer twice keeps it once.
 * To extend: a new kind of part is a branch of `keepPart`.
 */
import type { AiProvider, ArtifactFiles, ArtifactStore, Clock, Ids, Launch, OutputFile, OutputPart, ProviderOutput, RunStore, SafetyFlag, StoredPart } from '@countersign/core';
import type { CheckPictures } from './check-pictures';

/** Largest output file kept, bytes: a long video; more is a mistake. */
const MAX_OUTPUT_BYTES = 2 * 1024 ** 3;
/** Longest a file may take to arrive, ms. */
const FETCH_TIMEOUT_MS = 120_000;

export interface Kept {
  parts: StoredPart[];
  /** What could not be fetched, in words. */
  lost: string[];
  /** What a look at the pictures among them says. */
  flags: SafetyFlag[];
}

export class KeepOutput {
  constructor(
    private readonly files: ArtifactFiles,
    private readonly book: { artifacts: ArtifactStore; runs: RunStore },
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly pictures: CheckPictures,
  ) {}

  async keep(launch: Launch, provider: AiProvider, output: ProviderOutput): Promise<Kept> {
    const kept: Kept = { parts: [], lost: [], flags: [] };
    const hasFiles = output.parts.some(({ kind }) => kind === 'file');
    const run = hasFiles ? await this.book.runs.find(launch.runId) : null;
    for (const part of output.parts) {
      const stored = await this.keepPart({ launch, provider, userId: run?.userId ?? '' }, part);
      if ('lost' in stored) kept.lost.push(stored.lost);
      else kept.parts.push(stored);
    }
    return { ...kept, flags: await this.pictures.flagsOf(kept.parts) };
  }

  private async keepPart(whose: Whose, part: OutputPart): Promise<StoredPart | { lost: string }> {
    if (part.kind !== 'file') return part;
    try {
      return await this.keepFile(whose, part);
    } catch (error) {
      return { lost: `${part.name ?? part.pointer}: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  private async keepFile({ launch, provider, userId }: Whose, part: OutputFile): Promise<StoredPart> {
    const stream = 'bytes' in part.source
      ? once(part.source.bytes)
      : (await provider.openOutput(part.source.url, AbortSignal.timeout(FETCH_TIMEOUT_MS))).read();
    const { sha256, bytes, mime } = await this.files.put(stream, { maxBytes: MAX_OUTPUT_BYTES });
    const artifactId = this.ids.next();
    await this.book.artifacts.save({
      artifactId, tenantId: launch.tenantId, userId, runId: launch.runId, sha256, mime, bytes, name: part.name, createdAt: this.clock.now(),
    });
    return { kind: 'file', pointer: part.pointer, artifactId, sha256, mime, bytes, name: part.name };
  }
}

interface Whose {
  launch: Launch;
  provider: AiProvider;
  userId: string;
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
