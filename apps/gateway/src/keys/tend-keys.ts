import type { ApiKey, KeyStore } from '@countersign/core';
import { newId, sha256Hex } from '@countersign/service-kit';
import { randomBytes } from 'node:crypto';
import { UsageError, type KeyWords } from './key-words';

const KEY_BYTES = 32;
/** Says in logs and searches what it is. */
const KEY_PREFIX = 'csk_';

/** Does what was asked; the lines to print. Of a new key only the hash is kept, so this is the one time it is shown. */
export async function tendKeys(words: KeyWords, keys: KeyStore, now: string): Promise<string[]> {
  switch (words.do) {
    case 'create': {
      const secret = KEY_PREFIX + randomBytes(KEY_BYTES).toString('base64url');
      const { userId, tenantId, roles } = words;
      const keyId = newId();
      await keys.create({ keyId, keyHash: sha256Hex(secret), tenantId, userId, roles, createdAt: now, revokedAt: null });
      return [`Key ${keyId} for ${userId} of ${tenantId} (${roles.join(', ')}). It is shown once:`, secret];
    }
    case 'list': {
      const known = await keys.list(words.tenantId);
      return known.length === 0 ? ['There are no keys.'] : table(known);
    }
    case 'revoke':
      if (!(await keys.revoke(words.keyId, now))) throw new UsageError(`no active key has the ID ${words.keyId}`);
      return [`Key ${words.keyId} is revoked; gateways notice within seconds.`];
  }
}

function table(keys: ApiKey[]): string[] {
  const rows = [
    ['ID', 'TENANT', 'USER', 'ROLES', 'CREATED', 'REVOKED'],
    ...keys.map((key) => [key.keyId, key.tenantId, key.userId, key.roles.join(','), key.createdAt, key.revokedAt ?? '-']),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}
