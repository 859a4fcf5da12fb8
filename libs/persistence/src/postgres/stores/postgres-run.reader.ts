import {
  has, RunReader, type Approval, type ApprovalFilter, type Listed, type Page, type Principal, type Run, type RunFilter,
} from '@countersign/core';
import type { DataSource, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { ApprovalEntity } from '../entities/approval.entity';
import { RunEntity } from '../entities/run.entity';
import { toApproval } from '../mappers/approval.mapper';
import { toRun } from '../mappers/run.mapper';
import { LargeCounts } from './large-counts';

export class PostgresRunReader extends RunReader {
  private readonly counts = new LargeCounts();

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async runs(principal: Principal, filter: RunFilter, page: Page): Promise<Listed<Run>> {
    const query = this.dataSource.getRepository(RunEntity).createQueryBuilder('r');
    ownedBy(query, 'r', principal);
    where(query, 'r.user_id = :userId', { userId: filter.userId });
    where(query, 'r.session_id = :sessionId', { sessionId: filter.sessionId });
    where(query, 'r.status IN (:...statuses)', { statuses: filter.statuses?.length ? filter.statuses : undefined });
    where(query, 'r.provider = :provider', { provider: filter.provider });
    where(query, 'r.model = :model', { model: filter.model });
    where(query, 'r.created_at > :createdAfter', { createdAfter: filter.createdAfter });
    where(query, 'r.created_at < :createdBefore', { createdBefore: filter.createdBefore });
    where(
      query,
      `(r.model ILIKE :q OR r.run_id::text ILIKE :q OR r.session_id ILIKE :q OR r.original_input ->> 'prompt' ILIKE :q)`,
      { q: filter.q === undefined ? undefined : `%${escapeLike(filter.q)}%` },
    );
    return this.list(query, { page, key: 'r.run_id', order: 'DESC' }, (row: RunEntity) => ({ item: toRun(row), id: row.run_id }));
  }

  async pendingApprovals(principal: Principal, filter: ApprovalFilter, page: Page): Promise<Listed<Approval>> {
    const query = this.dataSource.getRepository(ApprovalEntity).createQueryBuilder('a');
    // Core's `waitsOn`: an end that does not end the wait leaves the approval answerable.
    query.where(`a.status = 'pending' AND (a.expires_at > now() OR a.on_timeout = 'keep_waiting' OR (a.on_timeout = 'escalate' AND a.extensions = 0))`);
    ownedBy(query, 'a', principal);
    where(query, 'a.user_id = :userId', { userId: filter.userId });
    where(query, 'a.session_id = :sessionId', { sessionId: filter.sessionId });
    where(query, 'a.run_id = :runId', { runId: filter.runId });
    where(query, 'a.checkpoint = :checkpoint', { checkpoint: filter.checkpoint });
    return this.list(query, { page, key: 'a.approval_id', order: 'ASC' }, (row: ApprovalEntity) => ({ item: toApproval(row), id: row.approval_id }));
  }

  /** Ids are UUIDv7, so ordering by id is ordering by time; the cursor is the last id of a page. */
  private async list<Row extends ObjectLiteral, T>(
    query: SelectQueryBuilder<Row>,
    { page, key, order }: { page: Page; key: string; order: 'ASC' | 'DESC' },
    read: (row: Row) => { item: T; id: string },
  ): Promise<Listed<T>> {
    const total = await this.total(query);
    if (page.cursor) query.andWhere(`${key} ${order === 'DESC' ? '<' : '>'} :cursor`, { cursor: page.cursor });
    const rows = await query.orderBy(key, order).limit(page.limit + 1).getMany();
    const shown = rows.slice(0, page.limit).map(read);
    return {
      items: shown.map(({ item }) => item),
      nextCursor: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
      total,
    };
  }

  private total<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>): Promise<number> {
    const [sql, parameters] = query.clone().select('1').getQueryAndParameters();
    return this.counts.total(JSON.stringify([sql, parameters]), async (most) => {
      const rows = await this.dataSource.query<{ count: string }[]>(`SELECT count(*) FROM (${sql}${most === null ? '' : ` LIMIT ${most}`}) AS listed`, parameters);
      return Number(rows[0]?.count);
    });
  }
}

/** who-may.ts in SQL: one's own, or all of the tenant for reviewers and admins. */
function ownedBy<T extends ObjectLiteral>(query: SelectQueryBuilder<T>, alias: string, principal: Principal): void {
  query.andWhere(`${alias}.tenant_id = :tenant`, { tenant: principal.tenantId });
  if (!has(principal, 'reviewer') && !has(principal, 'admin')) query.andWhere(`${alias}.user_id = :me`, { me: principal.userId });
}

function where<T extends ObjectLiteral>(query: SelectQueryBuilder<T>, sql: string, parameters: Record<string, unknown>): void {
  if (Object.values(parameters).every((value) => value !== undefined)) query.andWhere(sql, parameters);
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
