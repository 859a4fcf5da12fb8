import { PAGE_DEFAULT, runView, type ActiveRunsQueryDto, type PageQueryDto, type SessionPageQueryDto, type RunListView, type RunsQueryDto, type SessionRunsView } from '@countersign/contracts';
import { isTerminal, RunReader, STATUSES, type Page, type Principal, type RunFilter, type Status } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { invalid } from '../http/answers/problem';
import { SeeRun } from './see-run';

/** Statuses from which a run may still go on. */
const ACTIVE: Status[] = STATUSES.filter((status) => !isTerminal(status));
const NOTHING: Page = { limit: 1, cursor: null };

/** Lists, newest first. Their runs come without the step history. */
@Injectable()
export class ListRuns {
  constructor(private readonly reader: RunReader, private readonly see: SeeRun) {}

  list(principal: Principal, query: RunsQueryDto): Promise<RunListView> {
    return this.find(principal, { ...filterOf(query), statuses: query.status }, pageOf(query));
  }

  active(principal: Principal, query: ActiveRunsQueryDto): Promise<RunListView> {
    return this.find(principal, { ...filterOf(query), statuses: ACTIVE }, pageOf(query));
  }

  async ofSession(principal: Principal, sessionId: string, query: SessionPageQueryDto): Promise<SessionRunsView> {
    const [runs, pending] = await Promise.all([
      this.find(principal, { userId: query.user_id, sessionId, statuses: ACTIVE }, pageOf(query)),
      this.reader.pendingApprovals(principal, { sessionId }, NOTHING),
    ]);
    return { ...runs, session_id: sessionId, has_pending_approvals: pending.total > 0 };
  }

  private async find(principal: Principal, filter: RunFilter, page: Page): Promise<RunListView> {
    const { items, nextCursor, total } = await this.reader.runs(principal, filter, page);
    const runs = await Promise.all(items.map(async (run) => runView(run, [], await this.see.pending(run))));
    return { runs, next_cursor: nextCursor, total };
  }
}

export function pageOf({ limit, cursor }: PageQueryDto): Page {
  return { limit: limit ?? PAGE_DEFAULT, cursor: cursor ?? null };
}

function filterOf(query: ActiveRunsQueryDto): RunFilter {
  return {
    userId: query.user_id, sessionId: query.session_id, provider: query.provider, model: query.model, q: query.q,
    createdAfter: instantOf(query.created_after, 'created_after'), createdBefore: instantOf(query.created_before, 'created_before'),
  };
}

function instantOf(text: string | undefined, field: string): string | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw invalid(field, 'is_iso8601', `${field} must be a date or an instant in ISO 8601`);
  return new Date(ms).toISOString();
}
