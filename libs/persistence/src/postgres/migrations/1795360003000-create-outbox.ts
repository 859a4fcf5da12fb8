import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Doorbells committed with what they announce, and how far each channel has told each run's history. */
export class CreateOutbox1795360003000 implements MigrationInterface {
  name = 'CreateOutbox1795360003000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE outbox (
        id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        job         text NOT NULL,
        data        jsonb NOT NULL,
        not_before  timestamptz,
        created_at  timestamptz NOT NULL DEFAULT now()
      )`);
    await db.query(`
      CREATE TABLE notices (
        run_id       uuid NOT NULL REFERENCES hitl_runs (run_id),
        channel      text NOT NULL,
        told_seq     integer NOT NULL DEFAULT 0,
        next_try_at  timestamptz,
        PRIMARY KEY (run_id, channel)
      )`);
    await db.query(`CREATE INDEX notices_due ON notices (next_try_at) WHERE next_try_at IS NOT NULL`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE notices');
    await db.query('DROP TABLE outbox');
  }
}
