import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { ArtifactUrls } from './artifact-urls';

/** Long enough for a page that stays open over a working day, ms. */
const VALID_MS = 12 * 3_600_000;
/** Addresses change once in this time, ms: a browser's cache keeps its use. */
const ROUND_MS = 3_600_000;
const KEY_BYTES = 32;

/** HMAC-SHA256 over id and end. Without `secret` a key of this process: addresses then end with it. */
export class SignedArtifactUrls extends ArtifactUrls {
  private readonly key: Buffer;

  constructor(secret: string | null = null) {
    super();
    this.key = secret === null ? randomBytes(KEY_BYTES) : Buffer.from(hkdfSync('sha256', secret, '', 'countersign artifact addresses', KEY_BYTES));
  }

  override url(artifactId: string, nowMs = Date.now()): string {
    const expires = Math.ceil(nowMs / ROUND_MS) * ROUND_MS + VALID_MS;
    return `/artifacts/${artifactId}?expires=${expires}&signature=${this.sign(artifactId, String(expires))}`;
  }

  isValid(artifactId: string, query: { expires: string; signature: string }, nowMs = Date.now()): boolean {
    const expected = Buffer.from(this.sign(artifactId, query.expires));
    const given = Buffer.from(query.signature);
    return Number(query.expires) > nowMs && given.length === expected.length && timingSafeEqual(given, expected);
  }

  private sign(artifactId: string, expires: string): string {
    return createHmac('sha256', this.key).update(`${artifactId} ${expires}`).digest('base64url');
  }
}
