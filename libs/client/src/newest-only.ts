import type { ApprovalView, RunView } from '@countersign/contracts';

/** Runs and approvals remembered at a time; the longest unheard ones are forgotten first. */
const REMEMBERED = 5_000;

/** Sorts out what comes late or twice: messages may arrive more than once and, over two servers, out of order. */
export class NewestOnly {
  private readonly seen = new Map<string, number>();

  accepts(event: string, body: unknown): boolean {
    switch (event) {
      case 'run.updated': return this.isNewer(`run:${(body as RunView).run_id}`, (body as RunView).version);
      case 'run.completed':
      case 'run.failed': return this.isNewer(`end:${(body as RunView).run_id}`, (body as RunView).version);
      case 'approval.decided': return this.isNewer(`decided:${(body as ApprovalView).approval_id}`, 1);
      case 'approval.requested':
      case 'approval.updated': return !this.seen.has(`decided:${(body as ApprovalView).approval_id}`);
      default: return true;
    }
  }

  private isNewer(key: string, version: number): boolean {
    const known = this.seen.get(key);
    if (known !== undefined && version <= known) return false;
    this.seen.delete(key);
    this.seen.set(key, version);
    const oldest = this.seen.keys().next();
    if (this.seen.size > REMEMBERED && !oldest.done) this.seen.delete(oldest.value);
    return true;
  }
}
