import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `hitl_artifacts`; the content lies in the artifact files under its SHA-256. */
@Entity('hitl_artifacts')
export class ArtifactEntity {
  @PrimaryColumn('uuid') artifact_id: string;
  @Column('text') tenant_id: string;
  @Column('text') user_id: string;
  @Column('uuid', { nullable: true }) run_id: string | null;
  @Column('text') sha256: string;
  @Column('text') mime: string;
  /** bigint: Postgres hands it over as text. */
  @Column('bigint') bytes: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('timestamptz') created_at: Date;
}
