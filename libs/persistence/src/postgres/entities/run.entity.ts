import type { Consent, HitlConfig, JsonObject, Preparation, Proposal, RunCost, RunOutput, RunTimes, StaleConsent, Status, Step, Tool } from '@countersign/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `hitl_runs`: what is filtered on has a column of its own, the rest is jsonb. */
@Entity('hitl_runs')
export class RunEntity {
  @PrimaryColumn('uuid') run_id: string;
  @Column('text') tenant_id: string;
  @Column('text') user_id: string;
  @Column('text', { nullable: true }) session_id: string | null;
  @Column('uuid', { nullable: true }) parent_run_id: string | null;
  @Column('integer') version: number;
  @Column('text') status: Status;
  @Column('text') step: Step;
  @Column('text') provider: string;
  @Column('text') model: string;
  @Column('text', { nullable: true }) model_version: string | null;
  @Column('text', { nullable: true }) tool: Tool | null;
  @Column('integer') attempt: number;
  @Column('integer') auto_retries: number;
  /** Approval the run waits for, also while paused. */
  @Column('uuid', { nullable: true }) approval_id: string | null;
  @Column('jsonb') config: HitlConfig;
  @Column('jsonb') original_input: JsonObject;
  @Column('jsonb') edits: JsonObject;
  @Column('jsonb', { nullable: true }) preparation: Preparation | null;
  @Column('jsonb', { nullable: true }) proposal: Proposal | null;
  @Column('jsonb', { nullable: true }) consent: Consent | null;
  @Column('jsonb', { nullable: true }) stale_consent: StaleConsent | null;
  @Column('jsonb', { nullable: true }) output: RunOutput | null;
  @Column('jsonb', { nullable: true }) cost: RunCost | null;
  /** What only this status owns. */
  @Column('jsonb') standing: JsonObject;
  @Column('jsonb') times: RunTimes;
  @Column('text') event_hash: string;
  @Column('text', { nullable: true }) idempotency_key: string | null;
  @Column('text', { nullable: true }) request_hash: string | null;
  @Column('timestamptz') created_at: Date;
  @Column('timestamptz') updated_at: Date;
}
