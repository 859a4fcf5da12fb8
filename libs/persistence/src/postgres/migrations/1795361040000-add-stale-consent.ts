import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Consent that was no longer good at the launch, until a person was asked again and answered. */
export class AddStaleConsent1795361040000 implements MigrationInterface {
  name = 'AddStaleConsent1795361040000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE hitl_runs ADD COLUMN stale_consent jsonb`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE hitl_runs DROP COLUMN stale_consent`);
  }
}
