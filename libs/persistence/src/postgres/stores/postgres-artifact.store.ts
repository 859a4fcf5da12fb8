import { ArtifactStore, type Artifact } from '@countersign/core';
import type { DataSource } from 'typeorm';
import { ArtifactEntity } from '../entities/artifact.entity';
import { toArtifact } from '../mappers/artifact.mapper';

export class PostgresArtifactStore extends ArtifactStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async save(artifact: Artifact): Promise<void> {
    await this.dataSource.getRepository(ArtifactEntity).insert({
      artifact_id: artifact.artifactId, tenant_id: artifact.tenantId, user_id: artifact.userId, run_id: artifact.runId,
      sha256: artifact.sha256, mime: artifact.mime, bytes: String(artifact.bytes), name: artifact.name,
      created_at: new Date(artifact.createdAt),
    });
  }

  async find(artifactId: string): Promise<Artifact | null> {
    const row = await this.dataSource.getRepository(ArtifactEntity).findOneBy({ artifact_id: artifactId });
    return row && toArtifact(row);
  }
}
