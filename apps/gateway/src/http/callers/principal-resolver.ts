/*
 * What this is: who is asking, for every door. REST, sockets and the relay all come through `resolve`.
 * Invariant: with keys, the principal is the key's own and nothing in a request changes it; without keys (this machine
 * only) the request names the user. Roles decide nothing here: core's who-may does.
 */
import { isJsonObject, ROLES, type Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { GatewayEnv } from '../../gateway.env';
import { isCleanText } from '../input/clean-json';
import { KeyBook } from './key-book';
import { invalid, ProblemError } from '../answers/problem';

/** What a request or a socket's handshake tells about its sender. Header names are in lower case. */
export interface Asking {
  headers: Record<string, string | string[] | undefined>;
  /** Socket.IO's `auth`: `token` or `user_id`. */
  auth?: Record<string, unknown>;
  body?: unknown;
  query?: unknown;
}

const LOCAL_TENANT = 'default';
const LOCAL_USER = 'local';
/** Longest user name taken, characters: e-mail addresses and UUIDs fit. */
export const USER_ID_MAX = 200;

@Injectable()
export class PrincipalResolver {
  constructor(private readonly env: GatewayEnv, private readonly keys: KeyBook) {}

  /** @throws ProblemError UNAUTHENTICATED without a valid key, VALIDATION_FAILED for an unusable user name */
  async resolve(asking: Asking): Promise<Principal> {
    if (this.env.AUTH_MODE === 'local') return { tenantId: LOCAL_TENANT, userId: localUser(asking), roles: ROLES };
    const secret = secretOf(asking);
    const key = secret === null ? null : await this.keys.find(secret);
    if (!key) throw new ProblemError('UNAUTHENTICATED', secret === null ? 'send Authorization: Bearer with an API key' : 'this API key is not valid');
    return { tenantId: key.tenantId, userId: key.userId, roles: key.roles };
  }
}

function secretOf({ headers, auth }: Asking): string | null {
  const bearer = /^Bearer +(\S+)$/i.exec(one(headers.authorization) ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  return typeof auth?.token === 'string' && auth.token !== '' ? auth.token : null;
}

/** The user whom the request names: header, handshake, then `approved_by` and `user_id` of body and query. */
function localUser({ headers, auth, body, query }: Asking): string {
  const input = isJsonObject(body) ? body.run_input : undefined;
  const named = [
    one(headers['x-user-id']), auth?.user_id,
    ...[body, query, input].flatMap((part) => (isJsonObject(part) ? [part.approved_by, part.user_id] : [])),
  ].find((name) => (typeof name === 'string' && name.trim() !== '') || typeof name === 'number');
  if (named === undefined) return LOCAL_USER;
  const userId = String(named).trim();
  if (userId.length > USER_ID_MAX || !isCleanText(userId)) throw invalid('user_id', 'unusable', `a user name has at most ${USER_ID_MAX} plain characters`);
  return userId;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
