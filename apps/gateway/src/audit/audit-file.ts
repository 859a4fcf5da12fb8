/*
 * What this is: the export, one JSON value a line: a header, a line for each run in the order of their ids, an end.
 * Invariant: a line holds a run's history in exactly the form that was hashed, so any program can compute it anew; the end
 * counts the lines and holds a hash over them, so a file that was cut or changed is noticed.
 */
import type { AuditFilter, AuditRecord, Instant } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const FORMAT = 'countersign-audit';
const VERSION = 1;
const HEAD_BYTES = 64; // enough to tell an export from a file of anchors

interface Header {
  format: string;
  version: number;
  exported_at: Instant;
  filter: AuditFilter;
}

interface End {
  end: { runs: number; events: number; lines_hash: string };
}

/** The file itself is broken, whatever its runs say. */
export class BrokenFile extends Error {}

/** Writes beside `path` and moves it there when it is whole; the number of runs. */
export async function writeAuditFile(path: string, records: AsyncIterable<AuditRecord>, about: { exportedAt: Instant; filter: AuditFilter }): Promise<End['end']> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600);
  const end = { runs: 0, events: 0, lines_hash: '' };
  const put = async (value: object): Promise<void> => {
    const line = JSON.stringify(value);
    end.lines_hash = sha256Hex(`${end.lines_hash}\n${line}`);
    await file.appendFile(`${line}\n`);
  };
  try {
    await put({ format: FORMAT, version: VERSION, exported_at: about.exportedAt, filter: about.filter } satisfies Header);
    for await (const record of records) {
      end.runs += 1;
      end.events += record.events.length;
      await put(record);
    }
    await file.appendFile(`${JSON.stringify({ end } satisfies End)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, path);
  return end;
}

export async function isAuditFile(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).startsWith(`{"format":"${FORMAT}"`);
  } finally {
    await file.close();
  }
}

/** The runs of an export, one at a time. @throws BrokenFile */
export async function* readAuditFile(path: string): AsyncGenerator<AuditRecord> {
  const seen = { runs: 0, events: 0, lines_hash: '' };
  let [number, lastId, isOver] = [0, '', false];
  for await (const line of linesOf(path)) {
    number += 1;
    if (isOver) throw new BrokenFile(`line ${number}: there is more after the end`);
    const value = parse(line, number);
    if (isEnd(value)) {
      isOver = true;
      if (JSON.stringify(value.end) !== JSON.stringify(seen)) throw new BrokenFile(`line ${number}: the file says it holds ${value.end.runs} runs and ${value.end.events} events; it holds ${seen.runs} and ${seen.events}, or a line was changed`);
      continue;
    }
    seen.lines_hash = sha256Hex(`${seen.lines_hash}\n${line}`);
    if (number === 1) {
      checkHeader(value as Header);
      continue;
    }
    const record = asRecord(value, number);
    if (record.run.runId <= lastId) throw new BrokenFile(`line ${number}: run ${record.run.runId} stands behind a later one`);
    lastId = record.run.runId;
    seen.runs += 1;
    seen.events += record.events.length;
    yield record;
  }
  if (!isOver) throw new BrokenFile(`the file was cut: it has ${number} lines and no end`);
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
}

function parse(line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Told below, together with what is JSON but no object.
  }
  throw new BrokenFile(`line ${number} is no JSON object`);
}

function checkHeader({ format, version }: Partial<Header>): void {
  if (format !== FORMAT) throw new BrokenFile('line 1: this is no export of Countersign');
  if (version !== VERSION) throw new BrokenFile(`line 1: version ${String(version)} of the format is not known here`);
}

const isEnd = (value: object): value is End => 'end' in value;

function asRecord(value: object, number: number): AuditRecord {
  const record = value as Partial<AuditRecord>;
  const lists = [record.events, record.approvals, record.launches, record.artifacts];
  const isWhole = typeof record.run?.runId === 'string' && lists.every((list) => Array.isArray(list) && list.every((item) => typeof item === 'object' && item !== null))
    && record.events?.every(({ metadata }) => typeof metadata === 'object' && metadata !== null) && record.launches?.every(({ files }) => Array.isArray(files));
  if (!isWhole) throw new BrokenFile(`line ${number} is no run`);
  return record as AuditRecord;
}
