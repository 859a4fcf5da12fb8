import type { Action, ApprovalStatus, Checkpoint, Decision, JsonObject, OnTimeout, Payload } from '@countersign/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `hitl_approvals`. */
@Entity('hitl_approvals')
export class ApprovalEntity {
  @PrimaryColumn('uuid') approval_id: string;
  @Column('uuid') run_id: string;
  @Column('text') tenant_id: string;
  @Column('text') checkpoint: Checkpoint;
  @Column('text') status: ApprovalStatus;
  @Column('text') title: string;
  @Column('text') message: string;
  @Column('jsonb') context: JsonObject;
  @Column('jsonb') schema: JsonObject;
  @Column('text', { array: true }) allowed_actions: Action[];
  @Column('jsonb', { nullable: true }) payload: Payload | null;
  @Column('text', { nullable: true }) payload_hash: string | null;
  @Column('timestamptz') requested_at: Date;
  @Column('timestamptz') expires_at: Date;
  @Column('text') on_timeout: OnTimeout;
  @Column('integer') timeout_seconds: number;
  @Column('integer') extensions: number;
  @Column('text', { nullable: true }) user_id: string | null;
  @Column('text', { nullable: true }) session_id: string | null;
  @Column('text', { nullable: true }) claimed_by: string | null;
  @Column('timestamptz', { nullable: true }) claimed_until: Date | null;
  @Column('text', { nullable: true }) request_id: string | null;
  @Column('jsonb', { nullable: true }) decision: Decision | null;
  @Column('timestamptz', { nullable: true }) decided_at: Date | null;
}
