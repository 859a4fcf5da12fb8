import type { Instant } from '../json';
import type { Role } from '../run/words';

/** An API key as it is kept: never the key itself. */
export interface ApiKey {
  keyId: string;
  /** SHA-256 of the key, hex. The key is 256 random bits, so a slow hash would add nothing. */
  keyHash: string;
  tenantId: string;
  userId: string;
  roles: Role[];
  createdAt: Instant;
  revokedAt: Instant | null;
}

export abstract class KeyStore {
  abstract create(key: ApiKey): Promise<void>;
  /** Null for unknown and for revoked keys. */
  abstract findActive(keyHash: string): Promise<ApiKey | null>;
  abstract list(tenantId: string | null): Promise<ApiKey[]>;
  /** False when there is no such active key. */
  abstract revoke(keyId: string, at: Instant): Promise<boolean>;
}
