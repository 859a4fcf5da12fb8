import { createHmac, timingSafeEqual } from 'node:crypto';
import { installationKey } from './installation-key';

/** How long an address can be opened at least, ms. */
const VALID_MS = 3_600_000;
/** Ends fall on multiples of this, ms: the same file keeps its address for a while, and browsers their copy. */
const ROUND_MS = 300_000;
const KEY_NAME = 'artifact-addresses';

/** Signs and checks addresses of kept files. Every process with the same data directory understands the others. */
export class ArtifactSigner {
  constructor(private readonly key: Uint8Array) {}

  static async of(dataDir: string): Promise<ArtifactSigner> {
    return new ArtifactSigner(await installationKey(dataDir, KEY_NAME));
  }

  /** `/artifacts/<id>?expires=<epoch ms>&sig=<base64url>`; good for one hour, at most five minutes more. */
  path(artifactId: string, nowMs = Date.now()): string {
    const expires = String(Math.ceil(nowMs / ROUND_MS) * ROUND_MS + VALID_MS);
    return `/artifacts/${artifactId}?expires=${expires}&sig=${this.sign(artifactId, expires)}`;
  }

  isValid(artifactId: string, given: { expires: string; sig: string }, nowMs = Date.now()): boolean {
    const expected = Buffer.from(this.sign(artifactId, given.expires));
    const sig = Buffer.from(given.sig);
    return sig.length === expected.length && timingSafeEqual(sig, expected) && Number(given.expires) > nowMs;
  }

  private sign(artifactId: string, expires: string): string {
    return createHmac('sha256', this.key).update(`${artifactId}\n${expires}`).digest('base64url');
  }
}
