import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person said in words and what was read in it, until the outcome was shown and approved. */
export class AddProposal1795360005000 implements MigrationInterface {
  name = 'AddProposal1795360005000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE hitl_runs ADD COLUMN proposal jsonb`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE hitl_runs DROP COLUMN proposal`);
  }
}
