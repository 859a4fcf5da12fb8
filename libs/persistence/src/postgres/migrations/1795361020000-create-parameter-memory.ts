import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What reviewers did at payload cards, and the changes of theirs that may be proposed or made by rule. */
export class CreateParameterMemory1795361020000 implements MigrationInterface {
  name = 'CreateParameterMemory1795361020000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE hitl_observations (
        approval_id    uuid PRIMARY KEY,
        tenant_id      text NOT NULL,
        user_id        text NOT NULL,
        provider       text NOT NULL,
        model          text NOT NULL,
        model_version  text NOT NULL,
        changed        boolean NOT NULL,
        fields         jsonb NOT NULL,
        decided_by     text NOT NULL,
        decided_at     timestamptz NOT NULL
      )`);
    await db.query(`CREATE INDEX hitl_observations_owner ON hitl_observations (tenant_id, user_id, provider, model, decided_at)`);
    await db.query(`
      CREATE TABLE hitl_parameter_memory (
        memory_id      uuid PRIMARY KEY,
        tenant_id      text NOT NULL,
        user_id        text NOT NULL,
        provider       text NOT NULL,
        model          text NOT NULL,
        model_version  text NOT NULL,
        field          text NOT NULL,
        before         jsonb NOT NULL,
        after          jsonb NOT NULL,
        first_seen_at  timestamptz NOT NULL,
        last_seen_at   timestamptz NOT NULL,
        ruling         text CHECK (ruling IN ('muted', 'always')),
        ruled_by       text,
        ruled_at       timestamptz
      )`);
    await db.query(`
      CREATE UNIQUE INDEX hitl_parameter_memory_change
        ON hitl_parameter_memory (tenant_id, user_id, provider, model, model_version, field, before, after)`);
    await db.query(`CREATE INDEX hitl_parameter_memory_tenant ON hitl_parameter_memory (tenant_id, memory_id)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE hitl_parameter_memory');
    await db.query('DROP TABLE hitl_observations');
  }
}
