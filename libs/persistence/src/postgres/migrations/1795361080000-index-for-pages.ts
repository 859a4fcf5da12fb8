import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Pages are in the order of ids (UUIDv7: of time), so the indexes are too; and what waits for an answer is found by user and session. */
export class IndexForPages1795361080000 implements MigrationInterface {
  name = 'IndexForPages1795361080000';

  async up(db: QueryRunner): Promise<void> {
    for (const name of ['hitl_runs_user', 'hitl_runs_session', 'hitl_runs_tenant', 'hitl_approvals_pending']) await db.query(`DROP INDEX ${name}`);
    await db.query(`CREATE INDEX hitl_runs_user ON hitl_runs (tenant_id, user_id, run_id)`);
    await db.query(`CREATE INDEX hitl_runs_session ON hitl_runs (tenant_id, session_id, run_id) WHERE session_id IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_runs_tenant ON hitl_runs (tenant_id, run_id)`);
    await db.query(`CREATE INDEX hitl_approvals_pending ON hitl_approvals (tenant_id, approval_id) WHERE status = 'pending'`);
    await db.query(`CREATE INDEX hitl_approvals_pending_user ON hitl_approvals (tenant_id, user_id, approval_id) WHERE status = 'pending'`);
    await db.query(`CREATE INDEX hitl_approvals_pending_session ON hitl_approvals (tenant_id, session_id, approval_id) WHERE status = 'pending' AND session_id IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_approvals_answered ON hitl_approvals (decided_at) WHERE status <> 'pending'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const name of ['hitl_approvals_answered', 'hitl_approvals_pending_session', 'hitl_approvals_pending_user']) await db.query(`DROP INDEX ${name}`);
    for (const name of ['hitl_runs_user', 'hitl_runs_session', 'hitl_runs_tenant', 'hitl_approvals_pending']) await db.query(`DROP INDEX ${name}`);
    await db.query(`CREATE INDEX hitl_runs_user ON hitl_runs (tenant_id, user_id, created_at DESC, run_id DESC)`);
    await db.query(`CREATE INDEX hitl_runs_session ON hitl_runs (tenant_id, session_id, created_at DESC) WHERE session_id IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_runs_tenant ON hitl_runs (tenant_id, created_at DESC, run_id DESC)`);
    await db.query(`CREATE INDEX hitl_approvals_pending ON hitl_approvals (tenant_id, requested_at, approval_id) WHERE status = 'pending'`);
  }
}
