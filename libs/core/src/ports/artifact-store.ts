import type { Instant } from '../json';

/** A kept file: its content lies under its SHA-256, this is its entry in the book. */
export interface Artifact {
  artifactId: string;
  tenantId: string;
  userId: string;
  /** Null for uploads. */
  runId: string | null;
  sha256: string;
  mime: string;
  bytes: number;
  name: string | null;
  createdAt: Instant;
}

export abstract class ArtifactStore {
  abstract save(artifact: Artifact): Promise<void>;
  abstract find(artifactId: string): Promise<Artifact | null>;
}
