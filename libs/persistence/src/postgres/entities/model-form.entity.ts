import type { Form, KnownForm } from '@countersign/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `model_forms`. `requested_version` is '' when the newest was asked for. */
@Entity('model_forms')
export class ModelFormEntity {
  @PrimaryColumn('text') provider: string;
  @PrimaryColumn('text') model: string;
  @PrimaryColumn('text') requested_version: string;
  @Column('jsonb', { nullable: true }) form: Form | null;
  @Column('jsonb', { nullable: true }) problem: KnownForm['problem'];
  @Column('timestamptz') fetched_at: Date;
}
