import type { AuditFilter } from '@countersign/core';
import { parseArgs } from 'node:util';

export type AuditWords =
  | { do: 'verify'; source: 'database'; filter: AuditFilter; anchors: string[] }
  | { do: 'verify'; source: 'file'; file: string; anchors: string[] }
  | { do: 'verify'; source: 'receipt'; file: string }
  | { do: 'export'; filter: AuditFilter; out: string };

export const USAGE = `Evidence of every run, for auditors:
  npm run audit:verify                                     checks all runs in the database; prints an anchor for each tenant
  npm run audit:verify -- --run ID | --tenant T | --since TIME
  npm run audit:verify -- --anchor "csa1 …"                also checks what an earlier anchor says (a line, a file of lines, or an export)
  npm run audit:export -- --out FILE [--run ID] [--tenant T] [--since TIME]
  npm run audit:verify -- --file FILE [--anchor …]         checks an export; needs no server
  npm run audit:verify -- --receipt FILE                   checks a run's receipt; needs no server
Exit status: 0 intact, 1 broken, 2 it could not be checked.`;

/** What to say when the words make no sense: an error whose message is a sentence for the person at the keyboard. */
export class UsageError extends Error {}

/** Anchors in one go: more belong into several calls. */
export const MAX_ANCHORS = 1_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const OPTIONS = {
  run: { type: 'string' }, tenant: { type: 'string' }, since: { type: 'string' }, out: { type: 'string' },
  file: { type: 'string' }, receipt: { type: 'string' }, anchor: { type: 'string', multiple: true },
} as const;

/** @throws UsageError */
export function readAuditWords([verb, ...args]: string[]): AuditWords {
  const { values } = parse(args);
  const { run, tenant, since, out, file, receipt, anchor: anchors = [] } = values;
  const given = (names: (keyof typeof values)[]): string[] => names.filter((name) => values[name] !== undefined);
  if (verb === 'export') {
    refuse(given(['file', 'receipt', 'anchor']), 'audit:export');
    if (!out) throw new UsageError('audit:export needs --out FILE');
    return { do: 'export', filter: filterOf({ run, tenant, since }), out };
  }
  if (verb !== 'verify') throw new UsageError(verb === undefined ? 'Say what to do: verify or export' : `What is "${verb}"?`);
  refuse(given(['out']), 'audit:verify');
  if (receipt !== undefined) {
    refuse(given(['file', 'run', 'tenant', 'since', 'anchor']), '--receipt');
    return { do: 'verify', source: 'receipt', file: receipt };
  }
  if (file !== undefined) {
    refuse(given(['run', 'tenant', 'since']), '--file');
    return { do: 'verify', source: 'file', file, anchors };
  }
  if (anchors.length > 0) refuse(given(['run', 'since']), '--anchor, which speaks of all runs of a tenant,');
  return { do: 'verify', source: 'database', filter: filterOf({ run, tenant, since }), anchors };
}

function refuse(names: string[], what: string): void {
  if (names.length > 0) throw new UsageError(`${what} does not go with --${names.join(', --')}`);
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function filterOf({ run, tenant, since }: { run: string | undefined; tenant: string | undefined; since: string | undefined }): AuditFilter {
  if (run !== undefined && !UUID.test(run)) throw new UsageError(`--run needs the id of a run, not "${run}"`);
  const at = since === undefined ? undefined : Date.parse(since);
  if (Number.isNaN(at)) throw new UsageError(`--since needs a time such as 2026-11-22T12:00:00Z, not "${since}"`);
  return {
    ...(run === undefined ? {} : { runId: run.toLowerCase() }),
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    ...(at === undefined ? {} : { since: new Date(at).toISOString() }),
  };
}
