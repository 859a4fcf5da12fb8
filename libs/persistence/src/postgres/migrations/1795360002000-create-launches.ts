import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Paid calls and what came back. */
export class CreateLaunches1795360002000 implements MigrationInterface {
  name = 'CreateLaunches1795360002000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hitl_launches (
        launch_id        uuid PRIMARY KEY,
        run_id           uuid NOT NULL REFERENCES hitl_runs (run_id),
        tenant_id        text NOT NULL,
        attempt          integer NOT NULL,
        provider         text NOT NULL,
        model            text NOT NULL,
        payload_hash     text NOT NULL,
        status           text NOT NULL,
        callback_token   text NOT NULL,
        job_id           text,
        callback_job_id  text,
        submitted_at     timestamptz NOT NULL,
        launched_at      timestamptz,
        finished_at      timestamptz,
        next_check_at    timestamptz,
        checks           integer NOT NULL DEFAULT 0,
        progress         jsonb,
        outcome          jsonb,
        UNIQUE (run_id, attempt)
      )`);
    await db.query(`CREATE INDEX hitl_launches_due ON hitl_launches (next_check_at) WHERE next_check_at IS NOT NULL`);
    await db.query(`CREATE UNIQUE INDEX hitl_launches_job ON hitl_launches (provider, job_id) WHERE job_id IS NOT NULL`);
    await db.query(`
      CREATE TABLE hitl_artifacts (
        artifact_id  uuid PRIMARY KEY,
        tenant_id    text NOT NULL,
        user_id      text NOT NULL,
        run_id       uuid REFERENCES hitl_runs (run_id),
        sha256       text NOT NULL,
        mime         text NOT NULL,
        bytes        bigint NOT NULL,
        name         text,
        created_at   timestamptz NOT NULL
      )`);
    await db.query(`CREATE INDEX hitl_artifacts_run ON hitl_artifacts (run_id) WHERE run_id IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_artifacts_content ON hitl_artifacts (sha256)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE hitl_artifacts');
    await db.query('DROP TABLE hitl_launches');
  }
}
