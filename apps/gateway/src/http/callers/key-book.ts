import { KeyStore, type ApiKey } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';
import { Injectable } from '@nestjs/common';

/** A revoked key works this much longer at most, ms. */
const TRUSTED_MS = 5_000;
/** Keys remembered at once; each is some hundred bytes. */
const REMEMBERED = 1_000;

/** Looks keys up by their hash, and remembers the answer for a moment: callers come in bursts. */
@Injectable()
export class KeyBook {
  private readonly known = new Map<string, { key: ApiKey | null; untilMs: number }>();

  constructor(private readonly keys: KeyStore) {}

  /** Null for a key that does not exist or was revoked. */
  async find(secret: string, nowMs = Date.now()): Promise<ApiKey | null> {
    const hash = sha256Hex(secret);
    const remembered = this.known.get(hash);
    if (remembered && remembered.untilMs > nowMs) return remembered.key;
    const key = await this.keys.findActive(hash);
    this.known.delete(hash);
    if (this.known.size >= REMEMBERED) this.known.delete(this.known.keys().next().value ?? '');
    this.known.set(hash, { key, untilMs: nowMs + TRUSTED_MS });
    return key;
  }
}
