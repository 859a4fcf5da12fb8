/*
 * What this is: looks at the pictures of an answer before anybody is asked about it.
 * Invariant: it only adds flags. A picture that cannot be looked at is logged, and keeps no run from going on.
 */
import type { ArtifactFiles, SafetyFlag, StoredPart } from '@countersign/core';
import { nsfwFlag, type PictureScores } from '@countersign/providers';

/** Kinds of file that are looked at; of a moving one the first picture. */
const MIMES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif', 'image/tiff'];
/** Largest file looked at, bytes: it is held in memory. */
const MAX_BYTES = 50_000_000;
/** Pictures of one answer that are looked at. */
const MAX_PICTURES = 20;
/** For all pictures of an answer, ms: the first one also loads the model, on a busy machine. */
const MAX_MS = 30_000;

export type LookAtPicture = (bytes: Uint8Array, signal: AbortSignal) => Promise<PictureScores>;

type StoredFilePart = Extract<StoredPart, { kind: 'file' }>;

export class CheckPictures {
  /** @param look null = nobody looks. */
  constructor(
    private readonly files: ArtifactFiles,
    private readonly look: LookAtPicture | null,
    private readonly warn: (message: string) => void,
    private readonly limits: { ms: number } = { ms: MAX_MS },
  ) {}

  /** One flag for each picture that gets one. Never rejects. */
  async flagsOf(parts: readonly StoredPart[]): Promise<SafetyFlag[]> {
    const { look } = this;
    if (look === null) return [];
    const pictures = parts.filter((part): part is StoredFilePart => part.kind === 'file' && MIMES.includes(part.mime));
    const signal = AbortSignal.timeout(this.limits.ms);
    const flags: SafetyFlag[] = [];
    for (const [index, picture] of pictures.slice(0, MAX_PICTURES).entries()) {
      try {
        const flag = nsfwFlag(await look(await this.read(picture), signal), picture.name ?? `picture ${index + 1}`);
        if (flag) flags.push(flag);
      } catch (error) {
        this.warn(`artifact ${picture.artifactId} was not looked at for nsfw: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (pictures.length > MAX_PICTURES) this.warn(`${pictures.length - MAX_PICTURES} more pictures of this answer were not looked at for nsfw`);
    return flags;
  }

  private async read({ sha256, bytes }: StoredFilePart): Promise<Uint8Array> {
    if (bytes > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    const file = await this.files.open(sha256);
    if (file.outcome !== 'ok') throw new Error(`its file is ${file.outcome}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.stream) chunks.push(chunk);
    return Buffer.concat(chunks);
  }
}
