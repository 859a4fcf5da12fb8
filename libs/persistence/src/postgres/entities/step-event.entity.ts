import type { JsonObject, Status, Step, StepEvent } from '@countersign/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `hitl_step_events`: append-only, a trigger refuses changes. */
@Entity('hitl_step_events')
export class StepEventEntity {
  @PrimaryColumn('uuid') run_id: string;
  @PrimaryColumn('integer') seq: number;
  @Column('text') type: StepEvent['type'];
  @Column('text') step: Step;
  @Column('text') status: Status;
  @Column('timestamptz') at: Date;
  @Column('text') actor: string;
  @Column('text') message: string;
  @Column('jsonb') metadata: JsonObject;
  @Column('text') prev_hash: string;
  @Column('text') hash: string;
}
