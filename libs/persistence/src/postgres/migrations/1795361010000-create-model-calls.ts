import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What language models were asked and what it took, and which one the house has. */
export class CreateModelCalls1795361010000 implements MigrationInterface {
  name = 'CreateModelCalls1795361010000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hitl_model_calls (
        call_id      uuid PRIMARY KEY,
        run_id       uuid NOT NULL REFERENCES hitl_runs (run_id),
        approval_id  uuid NOT NULL REFERENCES hitl_approvals (approval_id),
        purpose      text NOT NULL,
        words        text,
        asked_at     timestamptz NOT NULL,
        until        timestamptz NOT NULL,
        model        text,
        tokens       integer NOT NULL DEFAULT 0,
        began_at     timestamptz,
        ended_at     timestamptz,
        outcome      text,
        answer       jsonb
      )`);
    await db.query(`CREATE INDEX hitl_model_calls_run ON hitl_model_calls (run_id) WHERE began_at IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_model_calls_approval ON hitl_model_calls (approval_id)`);
    await db.query(`CREATE INDEX hitl_model_calls_day ON hitl_model_calls (began_at) WHERE began_at IS NOT NULL`);
    await db.query(`CREATE INDEX hitl_model_calls_open ON hitl_model_calls (until) WHERE outcome IS NULL`);
    await db.query(`
      CREATE TABLE language_model (
        only_one  boolean PRIMARY KEY DEFAULT true CHECK (only_one),
        name      text NOT NULL
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE language_model');
    await db.query('DROP TABLE hitl_model_calls');
  }
}
