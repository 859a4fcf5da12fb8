/*
 * What this is: one hash over all runs of a tenant that had ended by a certain time, to be kept elsewhere.
 * Invariant: such runs never change again, so the same hash comes out later unless a whole run was deleted, put in, or
 * written anew together with its history, which no run's own chain can tell.
 * To extend: a new form gets a new first word; kept anchors must stay readable.
 */
import type { Instant } from '../json';
import type { Sha256 } from '../payload/payload';
import { isTerminal, type Status } from '../run/words';
import type { AuditRecord } from './audit-record';
import { CHAIN_START } from './verify-chain';

export interface Anchor {
  tenantId: string;
  /** Runs whose last event is not later count. */
  until: Instant;
  runs: number;
  /** 64 hex digits. */
  root: string;
}

const FORM = 'csa1';

/** Takes runs in the order of their ids, one anchor for each tenant. */
export class AnchorFold {
  private readonly anchors = new Map<string, Anchor>();

  constructor(private readonly until: Instant | ((tenantId: string) => Instant | null), private readonly sha256: Sha256) {}

  take({ run, events }: Pick<AuditRecord, 'run' | 'events'>): void {
    const until = typeof this.until === 'string' ? this.until : this.until(run.tenantId);
    const last = events.at(-1);
    if (until === null || !last || !isTerminal(last.status as Status) || last.at > until) return;
    const anchor = this.anchors.get(run.tenantId) ?? { tenantId: run.tenantId, until, runs: 0, root: CHAIN_START };
    const root = this.sha256(`${anchor.root}\n${run.runId} ${last.seq} ${last.hash}`);
    this.anchors.set(run.tenantId, { ...anchor, runs: anchor.runs + 1, root });
  }

  result(): Anchor[] {
    return [...this.anchors.values()].sort((one, other) => (one.tenantId < other.tenantId ? -1 : 1));
  }

  of(tenantId: string): Anchor | null {
    return this.anchors.get(tenantId) ?? null;
  }
}

/** One line of text, e.g. `csa1 2026-11-22T12:00:00.000Z 17 <root> default`. */
export function anchorText({ tenantId, until, runs, root }: Anchor): string {
  return `${FORM} ${until} ${runs} ${root} ${tenantId}`;
}

/** @returns null when `line` is no anchor */
export function readAnchor(line: string): Anchor | null {
  const match = /^csa1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\d{1,12}) ([0-9a-f]{64}) (\S.*)$/.exec(line.trim());
  return match ? { until: match[1] ?? '', runs: Number(match[2]), root: match[3] ?? '', tenantId: match[4] ?? '' } : null;
}
