import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people are asked, what they answered, and what they asked of a run. */
export class CreateApprovals1795360001000 implements MigrationInterface {
  name = 'CreateApprovals1795360001000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hitl_approvals (
        approval_id      uuid PRIMARY KEY,
        run_id           uuid NOT NULL REFERENCES hitl_runs (run_id),
        tenant_id        text NOT NULL,
        checkpoint       text NOT NULL,
        status           text NOT NULL,
        title            text NOT NULL,
        message          text NOT NULL,
        context          jsonb NOT NULL,
        schema           jsonb NOT NULL,
        allowed_actions  text[] NOT NULL,
        payload          jsonb,
        payload_hash     text,
        requested_at     timestamptz NOT NULL,
        expires_at       timestamptz NOT NULL,
        on_timeout       text NOT NULL,
        timeout_seconds  integer NOT NULL,
        extensions       integer NOT NULL DEFAULT 0,
        user_id          text,
        session_id       text,
        claimed_by       text,
        request_id       text,
        decision         jsonb,
        decided_at       timestamptz
      )`);
    await db.query(`CREATE INDEX hitl_approvals_run ON hitl_approvals (run_id, requested_at)`);
    await db.query(`CREATE UNIQUE INDEX hitl_approvals_request ON hitl_approvals (run_id, request_id) WHERE request_id IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_approvals_pending ON hitl_approvals (tenant_id, requested_at, approval_id) WHERE status = 'pending'`);
    await db.query(`CREATE INDEX hitl_approvals_due ON hitl_approvals (expires_at) WHERE status = 'pending'`);
    await db.query(`
      CREATE TABLE hitl_commands (
        command_id    uuid PRIMARY KEY,
        run_id        uuid NOT NULL REFERENCES hitl_runs (run_id),
        name          text NOT NULL,
        requested_by  text NOT NULL,
        reason        text NOT NULL,
        requested_at  timestamptz NOT NULL,
        outcome       text,
        detail        text
      )`);
    await db.query(`CREATE INDEX hitl_commands_open ON hitl_commands (run_id, requested_at) WHERE outcome IS NULL`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE hitl_commands');
    await db.query('DROP TABLE hitl_approvals');
  }
}
