import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Caps, what is set aside and spent under them, and the version that a launch ran. `user_id` '' stands for the whole tenant. */
export class CreateBudgets1795361050000 implements MigrationInterface {
  name = 'CreateBudgets1795361050000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE budget_caps (
        tenant_id   text NOT NULL,
        user_id     text NOT NULL,
        micros      bigint NOT NULL CHECK (micros >= 0),
        on_unknown  text NOT NULL,
        set_by      text NOT NULL,
        set_at      timestamptz NOT NULL,
        PRIMARY KEY (tenant_id, user_id)
      )`);
    await db.query(`
      CREATE TABLE budget_cap_changes (
        id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant_id      text NOT NULL,
        user_id        text NOT NULL,
        before_micros  bigint,
        after_micros   bigint,
        changed_by     text NOT NULL,
        changed_at     timestamptz NOT NULL
      )`);
    await db.query(`
      CREATE TABLE budget_days (
        tenant_id        text NOT NULL,
        user_id          text NOT NULL,
        day              date NOT NULL,
        reserved_micros  bigint NOT NULL DEFAULT 0,
        used_micros      bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant_id, day, user_id)
      )`);
    await db.query(`
      CREATE TABLE budget_reservations (
        run_id         uuid NOT NULL REFERENCES hitl_runs (run_id),
        attempt        integer NOT NULL,
        tenant_id      text NOT NULL,
        user_id        text NOT NULL,
        day            date NOT NULL,
        micros         bigint NOT NULL,
        state          text NOT NULL,
        overridden_by  text,
        booked_micros  bigint,
        actual_micros  bigint,
        PRIMARY KEY (run_id, attempt)
      )`);
    await db.query(`ALTER TABLE hitl_launches ADD COLUMN model_version text`);
    await db.query(`CREATE INDEX hitl_launches_observed ON hitl_launches (provider, model, model_version, finished_at DESC) WHERE status = 'succeeded'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX hitl_launches_observed');
    await db.query('ALTER TABLE hitl_launches DROP COLUMN model_version');
    await db.query('DROP TABLE budget_reservations');
    await db.query('DROP TABLE budget_days');
    await db.query('DROP TABLE budget_cap_changes');
    await db.query('DROP TABLE budget_caps');
  }
}
