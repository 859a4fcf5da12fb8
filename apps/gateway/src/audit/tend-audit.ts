import { readAnchor, type Anchor, type AuditReader, type AuditRecord } from '@countersign/core';
import { stat } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { MAX_ANCHORS, UsageError, type AuditWords } from './audit-words';
import { isAuditFile, readAuditFile, writeAuditFile } from './audit-file';
import { checkReceiptFile } from './check-receipt-file';
import { readRuns } from './read-runs';
import { verifyAll, type AuditReport } from './verify-all';

/** A run that ended is in every anchor made this much later, ms: its commit and all clocks are done by then. */
const SETTLED_MS = 5 * 60_000;
/** A file of anchors is text of a hundred bytes a line; more is another file. */
const ANCHOR_FILE_MAX_BYTES = 1_000_000;

export interface AuditAnswer {
  lines: string[];
  isIntact: boolean;
}

/** Does what was asked; what to print, and whether all is intact. `reader` is asked for only when a database is needed. */
export async function tendAudit(words: AuditWords, reader: () => Promise<AuditReader>, now: number): Promise<AuditAnswer> {
  if (words.do === 'export') {
    const { runs, events } = await writeAuditFile(words.out, readRuns(await reader(), words.filter), { exportedAt: new Date(now).toISOString(), filter: words.filter });
    return { lines: [`${words.out}: ${count(runs, 'run')}, ${count(events, 'event')}. Check it anywhere: npm run audit:verify -- --file ${words.out}`], isIntact: true };
  }
  if (words.source === 'receipt') return checkReceiptFile(words.file);
  const { anchors, earlier } = await readAnchors(words.anchors);
  const isWhole = words.source === 'file' || (words.filter.runId === undefined && words.filter.since === undefined);
  const tenantId = words.source === 'database' ? words.filter.tenantId : undefined;
  const records = words.source === 'file' ? readAuditFile(words.file) : readRuns(await reader(), words.filter);
  const startedAt = performance.now();
  const report = await verifyAll(records, {
    anchors, earlier, until: isWhole ? new Date(now - SETTLED_MS).toISOString() : null, ...(tenantId === undefined ? {} : { tenantId }),
  });
  if (report.runs === 0 && words.source === 'database' && words.filter.runId !== undefined) throw new UsageError(`there is no run ${words.filter.runId}`);
  return { lines: told(report, performance.now() - startedAt), isIntact: report.broken === 0 };
}

function told(report: AuditReport, ms: number): string[] {
  const { runs, events, broken, unproven, findings, notes, anchors } = report;
  return [
    ...findings.map((finding) => `BROKEN    ${finding}`),
    ...more(broken - findings.length, 'BROKEN   '),
    ...notes.map((note) => `unproven  ${note}`),
    ...more(unproven - notes.length, 'unproven '),
    ...(anchors.length > 0 ? ['Keep these lines elsewhere; --anchor checks them later:', ...anchors] : []),
    `${count(runs, 'run')}, ${count(events, 'event')} in ${(ms / 1000).toFixed(1)} s: ${broken === 0 ? 'intact' : `BROKEN in ${count(broken, 'place')}`}${unproven > 0 ? `, ${count(unproven, 'fact')} unproven` : ''}`,
  ];
}

const more = (left: number, kind: string): string[] => (left > 0 ? [`${kind} … and ${left} more`] : []);
const count = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;

async function readAnchors(given: string[]): Promise<{ anchors: Anchor[]; earlier: AsyncIterable<AuditRecord> | null }> {
  const anchors: Anchor[] = [];
  let earlier: AsyncIterable<AuditRecord> | null = null;
  for (const text of given) {
    const anchor = readAnchor(text);
    if (anchor) anchors.push(anchor);
    else if (await isExport(text)) {
      if (earlier) throw new UsageError('give one earlier export at a time');
      earlier = readAuditFile(text);
    } else anchors.push(...(await anchorsIn(text)));
  }
  if (anchors.length > MAX_ANCHORS) throw new UsageError(`at most ${MAX_ANCHORS} anchors at a time`);
  return { anchors, earlier };
}

async function isExport(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new UsageError(`--anchor "${path}" is neither an anchor nor a file`);
  return isAuditFile(path);
}

async function anchorsIn(path: string): Promise<Anchor[]> {
  if ((await stat(path)).size > ANCHOR_FILE_MAX_BYTES) throw new UsageError(`${path} is too large for a file of anchors`);
  const found = (await readFile(path, 'utf8')).split('\n').flatMap((line) => readAnchor(line) ?? []);
  if (found.length === 0) throw new UsageError(`${path} holds no anchor`);
  return found;
}
