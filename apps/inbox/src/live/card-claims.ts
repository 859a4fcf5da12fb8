import type { LiveSocket } from '@countersign/client';

/**
 * Tells the others which card this person looks at. Advice only: whatever goes wrong here is nobody's trouble.
 * One wish after the other, so that a release never overtakes the claim before it.
 */
export class CardClaims {
  /** Whose claims these are, once the server said so: an API key does not tell the page its user. */
  me: string | null = null;
  private readonly asking = new Set<string>();
  private last: Promise<unknown> = Promise.resolve();

  /** @param page `isLive`: without a connection nothing is said; `onKnown`: called once `me` is known, and when an own claim stands */
  constructor(private readonly socket: LiveSocket, private readonly page: { isLive(): boolean; onKnown(): void }) {}

  claim(approvalId: string): void {
    this.asking.add(approvalId);
    this.wish(async () => {
      try {
        if (this.page.isLive()) this.me = (await this.socket.claim(approvalId)).approval.claimed_by ?? this.me;
      } finally {
        this.asking.delete(approvalId);
        this.page.onKnown();
      }
    });
  }

  release(approvalId: string): void {
    this.wish(async () => {
      if (this.page.isLive()) await this.socket.release(approvalId);
    });
  }

  /** While an own claim is on its way, its news may come before its answer. */
  mayBeOurs(approvalId: string, by: string): boolean {
    return by === this.me || this.asking.has(approvalId);
  }

  private wish(what: () => Promise<unknown>): void {
    this.last = this.last.then(what).catch(() => undefined);
  }
}
