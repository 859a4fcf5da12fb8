import type { AuditFilter, AuditReader, AuditRecord } from '@countersign/core';

/** Runs read at a time: a few megabytes. */
const PAGE = 200;

/** All runs that fit, in the order of their ids. */
export async function* readRuns(reader: AuditReader, filter: AuditFilter): AsyncGenerator<AuditRecord> {
  let after: string | null = null;
  for (;;) {
    const page: AuditRecord[] = await reader.records(filter, after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (!last || filter.runId !== undefined) return;
    after = last.run.runId;
  }
}
