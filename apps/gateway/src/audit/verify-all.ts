import { AnchorFold, anchorText, verifyRun, type Anchor, type AuditRecord, type Finding, type Instant } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';

export interface AuditReport {
  runs: number;
  events: number;
  broken: number;
  unproven: number;
  /** The first of them, in words. */
  findings: string[];
  notes: string[];
  /** One for each tenant that has runs that ended. */
  anchors: string[];
}

/** Lines of each kind that are shown; all are counted. */
const SHOWN = 50;

export interface AgainstWhat {
  /** Anchors that were kept. */
  anchors: Anchor[];
  /** An earlier export: each of its runs must still be there, grown at most. */
  earlier: AsyncIterable<AuditRecord> | null;
  /** Runs that ended by then go into the new anchors; null = make none. */
  until: Instant | null;
  /** Of the earlier export only this tenant counts. */
  tenantId?: string;
}

/** Checks runs that come in the order of their ids, one at a time in memory. */
export async function verifyAll(records: AsyncIterable<AuditRecord>, against: AgainstWhat): Promise<AuditReport> {
  const report: AuditReport = { runs: 0, events: 0, broken: 0, unproven: 0, findings: [], notes: [], anchors: [] };
  const folds = against.anchors.map((anchor) => ({ anchor, fold: new AnchorFold(anchor.until, sha256Hex) }));
  const fresh = against.until === null ? null : new AnchorFold(against.until, sha256Hex);
  const earlier = against.earlier && earlierRuns(against.earlier, against.tenantId);
  for await (const record of records) {
    report.runs += 1;
    report.events += record.events.length;
    const { findings, unproven } = verifyRun(record, sha256Hex);
    for (const finding of findings) tell(report, inWords(finding));
    for (const note of unproven) noteDown(report, `run ${record.run.runId}: ${note}`);
    for (const { anchor, fold } of folds) if (record.run.tenantId === anchor.tenantId) fold.take(record);
    fresh?.take(record);
    for (const problem of (await earlier?.upTo(record)) ?? []) tell(report, problem);
  }
  for (const problem of (await earlier?.rest()) ?? []) tell(report, problem);
  for (const { anchor, fold } of folds) checkAnchor(report, anchor, fold.of(anchor.tenantId));
  report.anchors = fresh?.result().map(anchorText) ?? [];
  return report;
}

function inWords({ runId, seq, fault, detail }: Finding): string {
  return `run ${runId}${seq === null ? '' : `, event ${seq}`}: ${fault}: ${detail}`;
}

function checkAnchor(report: AuditReport, kept: Anchor, now: Anchor | null): void {
  if ((now?.runs ?? 0) === kept.runs && (now?.root ?? kept.root) === kept.root) return;
  const runs = now?.runs ?? 0;
  tell(report, `anchor of ${kept.tenantId} until ${kept.until}: ${runs === kept.runs ? `one of its ${runs} runs was written anew` : `it counted ${kept.runs} ended runs, there are ${runs}`}`);
}

/** Walks an earlier export beside today's runs; both come in the order of their ids. */
function earlierRuns(records: AsyncIterable<AuditRecord>, tenantId: string | undefined) {
  const iterator = records[Symbol.asyncIterator]();
  let current: AuditRecord | null | undefined;
  const next = async (): Promise<AuditRecord | null> => {
    for (;;) {
      const { value, done } = await iterator.next() as IteratorResult<AuditRecord, undefined>;
      if (done || !value) return null;
      if (tenantId === undefined || value.run.tenantId === tenantId) return value;
    }
  };
  const upTo = async ({ run, events }: Pick<AuditRecord, 'run' | 'events'>): Promise<string[]> => {
    const problems: string[] = [];
    current ??= current === undefined ? await next() : null;
    while (current && current.run.runId < run.runId) {
      problems.push(`run ${current.run.runId}: gone: it stands in the earlier export`);
      current = await next();
    }
    if (current?.run.runId !== run.runId) return problems;
    const { version, head } = current.run;
    if (events[version - 1]?.hash !== head) problems.push(`run ${run.runId}, event ${version}: rewritten: the earlier export has another history up to here`);
    current = await next();
    return problems;
  };
  /** No id comes behind this one. */
  const rest = (): Promise<string[]> => upTo({ run: { runId: 'g' } as AuditRecord['run'], events: [] });
  return { upTo, rest };
}

function tell(report: AuditReport, words: string): void {
  report.broken += 1;
  if (report.findings.length < SHOWN) report.findings.push(words);
}

function noteDown(report: AuditReport, words: string): void {
  report.unproven += 1;
  if (report.notes.length < SHOWN) report.notes.push(words);
}
