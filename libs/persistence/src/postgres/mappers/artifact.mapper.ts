import type { Artifact } from '@countersign/core';
import type { ArtifactEntity } from '../entities/artifact.entity';
import { instant } from './time.mapper';

export function toArtifact(row: ArtifactEntity): Artifact {
  return {
    artifactId: row.artifact_id, tenantId: row.tenant_id, userId: row.user_id, runId: row.run_id, sha256: row.sha256,
    mime: row.mime, bytes: Number(row.bytes), name: row.name, createdAt: instant(row.created_at),
  };
}
