import { BudgetStore, OBSERVED_RUNS, type BudgetFacts, type Cap, type Day, type Instant, type ModelVersion, type ObservedTime, type Spending } from '@countersign/core';
import type { Pool } from 'pg';
import { toBudgetFacts, toCap, toSpending, WHOLE_TENANT, type CapLineJson, type CapRow, type SpendingRow } from '../mappers/budget.mapper';

export class PostgresBudgetStore extends BudgetStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async caps(tenantId: string): Promise<Cap[]> {
    const { rows } = await this.pool.query<CapRow>('SELECT * FROM budget_caps WHERE tenant_id = $1 ORDER BY user_id', [tenantId]);
    return rows.map(toCap);
  }

  async setCap(cap: Cap): Promise<void> {
    await this.pool.query(
      `WITH was AS (SELECT micros FROM budget_caps WHERE tenant_id = $1 AND user_id = $2), noted AS (
         INSERT INTO budget_cap_changes (tenant_id, user_id, before_micros, after_micros, changed_by, changed_at)
         VALUES ($1, $2, (SELECT micros FROM was), $3, $5, $6)
       )
       INSERT INTO budget_caps (tenant_id, user_id, micros, on_unknown, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (tenant_id, user_id) DO UPDATE
       SET micros = excluded.micros, on_unknown = excluded.on_unknown, set_by = excluded.set_by, set_at = excluded.set_at`,
      [cap.tenantId, cap.userId ?? WHOLE_TENANT, cap.micros, cap.onUnknown, cap.setBy, cap.setAt],
    );
  }

  async removeCap(tenantId: string, userId: string | null, by: string, at: Instant): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `WITH gone AS (DELETE FROM budget_caps WHERE tenant_id = $1 AND user_id = $2 RETURNING micros)
       INSERT INTO budget_cap_changes (tenant_id, user_id, before_micros, after_micros, changed_by, changed_at)
       SELECT $1, $2, micros, NULL, $3, $4::timestamptz FROM gone`,
      [tenantId, userId ?? WHOLE_TENANT, by, at],
    );
    return rowCount === 1;
  }

  async spending(tenantId: string, day: Day, limit: number): Promise<Spending[]> {
    const { rows } = await this.pool.query<SpendingRow>(
      `SELECT user_id, used_micros, reserved_micros FROM budget_days
       WHERE tenant_id = $1 AND day = $2::date AND (used_micros <> 0 OR reserved_micros <> 0) ORDER BY user_id LIMIT $3`,
      [tenantId, day, limit],
    );
    return rows.map(toSpending);
  }

  async facts(tenantId: string, userId: string, day: Day): Promise<BudgetFacts | null> {
    const { rows } = await this.pool.query<CapLineJson>({
      name: 'budget-facts',
      text: `SELECT c.user_id, c.micros::float8 AS micros, c.on_unknown, coalesce(d.used_micros, 0)::float8 AS used, coalesce(d.reserved_micros, 0)::float8 AS reserved
       FROM budget_caps c LEFT JOIN budget_days d ON d.tenant_id = c.tenant_id AND d.user_id = c.user_id AND d.day = $3::date
       WHERE c.tenant_id = $1 AND c.user_id IN ('', $2) ORDER BY c.user_id`,
      values: [tenantId, userId, day],
    });
    return toBudgetFacts(day, rows.length > 0 ? rows : null, null);
  }

  async observedTime({ provider, model, version }: ModelVersion): Promise<ObservedTime | null> {
    const { rows } = await this.pool.query<{ seconds: number | null; runs: string }>(
      `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t.seconds) AS seconds, count(t.seconds) AS runs FROM (
         SELECT (outcome -> 'metrics' ->> 'computeSeconds')::float8 AS seconds FROM hitl_launches
         WHERE provider = $1 AND model = $2 AND model_version = $3 AND status = 'succeeded' ORDER BY finished_at DESC LIMIT $4
       ) t`,
      [provider, model, version, OBSERVED_RUNS],
    );
    const row = rows[0];
    return row && row.seconds !== null ? { seconds: row.seconds, runs: Number(row.runs) } : null;
  }
}
