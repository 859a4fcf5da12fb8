import { KeyStore, type ApiKey, type Instant } from '@countersign/core';
import { IsNull, type DataSource } from 'typeorm';
import { ApiKeyEntity } from '../entities/api-key.entity';
import { instant, instantOrNull } from '../mappers/time.mapper';

export class PostgresKeyStore extends KeyStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async create(key: ApiKey): Promise<void> {
    await this.keys().insert({
      key_id: key.keyId, key_hash: key.keyHash, tenant_id: key.tenantId, user_id: key.userId, roles: key.roles,
      created_at: new Date(key.createdAt), revoked_at: null,
    });
  }

  async findActive(keyHash: string): Promise<ApiKey | null> {
    const row = await this.keys().findOneBy({ key_hash: keyHash, revoked_at: IsNull() });
    return row && toKey(row);
  }

  async list(tenantId: string | null): Promise<ApiKey[]> {
    const rows = await this.keys().find({ where: tenantId === null ? {} : { tenant_id: tenantId }, order: { created_at: 'ASC' } });
    return rows.map(toKey);
  }

  async revoke(keyId: string, at: Instant): Promise<boolean> {
    const { affected } = await this.keys().update({ key_id: keyId, revoked_at: IsNull() }, { revoked_at: new Date(at) });
    return affected === 1;
  }

  private keys() {
    return this.dataSource.getRepository(ApiKeyEntity);
  }
}

function toKey(row: ApiKeyEntity): ApiKey {
  return {
    keyId: row.key_id, keyHash: row.key_hash, tenantId: row.tenant_id, userId: row.user_id, roles: row.roles,
    createdAt: instant(row.created_at), revokedAt: instantOrNull(row.revoked_at),
  };
}
