import type { Role } from '@countersign/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `api_keys`: the hash only. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn('uuid') key_id: string;
  @Column('text', { unique: true }) key_hash: string;
  @Column('text') tenant_id: string;
  @Column('text') user_id: string;
  @Column('text', { array: true }) roles: Role[];
  @Column('timestamptz') created_at: Date;
  @Column('timestamptz', { nullable: true }) revoked_at: Date | null;
}
