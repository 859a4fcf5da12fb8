import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Waits that were made longer are few: the sweeper finds them without looking at every run that waits. */
export class IndexLengthenedApprovals1795361090000 implements MigrationInterface {
  name = 'IndexLengthenedApprovals1795361090000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE INDEX hitl_approvals_lengthened ON hitl_approvals (approval_id) WHERE status = 'pending' AND extensions > 0`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX hitl_approvals_lengthened');
  }
}
