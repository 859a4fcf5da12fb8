import type { LaunchOutcome, LaunchStatus, Progress } from '@countersign/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `hitl_launches`: unique per run and attempt. */
@Entity('hitl_launches')
export class LaunchEntity {
  @PrimaryColumn('uuid') launch_id: string;
  @Column('uuid') run_id: string;
  @Column('text') tenant_id: string;
  @Column('integer') attempt: number;
  @Column('text') provider: string;
  @Column('text') model: string;
  @Column('text', { nullable: true }) model_version: string | null;
  @Column('text') payload_hash: string;
  @Column('text') status: LaunchStatus;
  @Column('text') callback_token: string;
  @Column('text', { nullable: true }) job_id: string | null;
  /** Written by the gateway only. */
  @Column('text', { nullable: true }) callback_job_id: string | null;
  @Column('timestamptz') submitted_at: Date;
  @Column('timestamptz', { nullable: true }) launched_at: Date | null;
  @Column('timestamptz', { nullable: true }) finished_at: Date | null;
  @Column('timestamptz', { nullable: true }) next_check_at: Date | null;
  @Column('integer') checks: number;
  @Column('jsonb', { nullable: true }) progress: Progress | null;
  @Column('jsonb', { nullable: true }) outcome: LaunchOutcome | null;
}
