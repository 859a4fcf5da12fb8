import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs and their append-only history. */
export class CreateRuns1795360000000 implements MigrationInterface {
  name = 'CreateRuns1795360000000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hitl_runs (
        run_id            uuid PRIMARY KEY,
        tenant_id         text NOT NULL,
        user_id           text NOT NULL,
        session_id        text,
        parent_run_id     uuid,
        version           integer NOT NULL,
        status            text NOT NULL,
        step              text NOT NULL,
        provider          text NOT NULL,
        model             text NOT NULL,
        model_version     text,
        tool              text,
        attempt           integer NOT NULL DEFAULT 0,
        auto_retries      integer NOT NULL DEFAULT 0,
        approval_id       uuid,
        config            jsonb NOT NULL,
        original_input    jsonb NOT NULL,
        edits             jsonb NOT NULL DEFAULT '{}',
        preparation       jsonb,
        consent           jsonb,
        output            jsonb,
        cost              jsonb,
        standing          jsonb NOT NULL DEFAULT '{}',
        times             jsonb NOT NULL,
        event_hash        text NOT NULL,
        idempotency_key   text,
        request_hash      text,
        created_at        timestamptz NOT NULL,
        updated_at        timestamptz NOT NULL
      )`);
    await db.query(`CREATE UNIQUE INDEX hitl_runs_idempotency ON hitl_runs (tenant_id, user_id, idempotency_key) WHERE idempotency_key IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_runs_user ON hitl_runs (tenant_id, user_id, created_at DESC, run_id DESC)`);
    await db.query(`CREATE INDEX hitl_runs_session ON hitl_runs (tenant_id, session_id, created_at DESC) WHERE session_id IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_runs_tenant ON hitl_runs (tenant_id, created_at DESC, run_id DESC)`);
    await db.query(`CREATE INDEX hitl_runs_updated ON hitl_runs (updated_at)`);
    await db.query(`CREATE INDEX hitl_runs_moving ON hitl_runs (updated_at) WHERE status IN ('queued', 'running')`);
    await db.query(`CREATE INDEX hitl_runs_waiting ON hitl_runs (approval_id) WHERE status = 'awaiting_human'`);
    await db.query(`
      CREATE TABLE hitl_step_events (
        run_id     uuid NOT NULL REFERENCES hitl_runs (run_id),
        seq        integer NOT NULL,
        type       text NOT NULL,
        step       text NOT NULL,
        status     text NOT NULL,
        at         timestamptz NOT NULL,
        actor      text NOT NULL,
        message    text NOT NULL,
        metadata   jsonb NOT NULL DEFAULT '{}',
        prev_hash  text NOT NULL,
        hash       text NOT NULL,
        PRIMARY KEY (run_id, seq)
      )`);
    await db.query(`
      CREATE FUNCTION hitl_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'hitl_step_events is append-only'; END $$`);
    await db.query(`
      CREATE TRIGGER hitl_step_events_append_only BEFORE UPDATE OR DELETE ON hitl_step_events
      FOR EACH ROW EXECUTE FUNCTION hitl_refuse_change()`);
    await db.query(`
      CREATE TRIGGER hitl_step_events_never_emptied BEFORE TRUNCATE ON hitl_step_events
      FOR EACH STATEMENT EXECUTE FUNCTION hitl_refuse_change()`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE hitl_step_events');
    await db.query('DROP FUNCTION hitl_refuse_change()');
    await db.query('DROP TABLE hitl_runs');
  }
}
