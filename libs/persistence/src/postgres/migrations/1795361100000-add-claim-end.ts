import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until when somebody looks at an approval; `claimed_by` was there from the start, and never written. */
export class AddClaimEnd1795361100000 implements MigrationInterface {
  name = 'AddClaimEnd1795361100000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE hitl_approvals ADD COLUMN claimed_until timestamptz`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE hitl_approvals DROP COLUMN claimed_until`);
  }
}
