import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Model forms by the version they were asked for, and hashed API keys. */
export class CreateFormsAndKeys1795360004000 implements MigrationInterface {
  name = 'CreateFormsAndKeys1795360004000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE model_forms (
        provider           text NOT NULL,
        model              text NOT NULL,
        requested_version  text NOT NULL,
        form               jsonb,
        problem            jsonb,
        fetched_at         timestamptz NOT NULL,
        PRIMARY KEY (provider, model, requested_version)
      )`);
    await db.query(`
      CREATE TABLE api_keys (
        key_id      uuid PRIMARY KEY,
        key_hash    text NOT NULL UNIQUE,
        tenant_id   text NOT NULL,
        user_id     text NOT NULL,
        roles       text[] NOT NULL,
        created_at  timestamptz NOT NULL,
        revoked_at  timestamptz
      )`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE api_keys');
    await db.query('DROP TABLE model_forms');
  }
}
