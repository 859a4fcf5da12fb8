import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The sweep that finds browser questions without their line in the history looks at the newest ones only. */
export class IndexBrowserQuestions1795361040100 implements MigrationInterface {
  name = 'IndexBrowserQuestions1795361040100';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE INDEX hitl_approvals_browser ON hitl_approvals (coalesce(decided_at, requested_at)) WHERE checkpoint = 'browser_action'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX hitl_approvals_browser`);
  }
}
