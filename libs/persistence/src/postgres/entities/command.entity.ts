import type { CommandName, RunCommand } from '@countersign/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `hitl_commands`. The gateway inserts, the orchestrator writes `outcome` and `detail`. */
@Entity('hitl_commands')
export class CommandEntity {
  @PrimaryColumn('uuid') command_id: string;
  @Column('uuid') run_id: string;
  @Column('text') name: CommandName;
  @Column('text') requested_by: string;
  @Column('text') reason: string;
  @Column('timestamptz') requested_at: Date;
  @Column('text', { nullable: true }) outcome: RunCommand['outcome'];
  @Column('text', { nullable: true }) detail: string | null;
}
