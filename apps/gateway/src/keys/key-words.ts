import { ROLES, type Role } from '@countersign/core';
import { parseArgs } from 'node:util';

export type KeyWords =
  | { do: 'create'; userId: string; tenantId: string; roles: Role[] }
  | { do: 'list'; tenantId: string | null }
  | { do: 'revoke'; keyId: string };

export const USAGE = `Keys for AUTH_MODE=api_key:
  npm run keys -- create --user U [--tenant T] [--roles requester,reviewer]   the new key stands alone on the last line
  npm run keys -- list [--tenant T]
  npm run keys -- revoke ID
Roles: ${ROLES.join(', ')}`;

/** What to say when the words make no sense: an error whose message is a sentence for the person at the keyboard. */
export class UsageError extends Error {}

const DEFAULT_TENANT = 'default';
const DEFAULT_ROLES: Role[] = ['requester'];
/** As in the gateway's principals. */
const NAME_MAX = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws UsageError */
export function readKeyWords(args: string[]): KeyWords {
  const { positionals, values } = parse(args);
  const [verb, ...rest] = positionals;
  if (verb === 'create' && rest.length === 0) {
    return { do: 'create', userId: name('--user', values.user), tenantId: name('--tenant', values.tenant ?? DEFAULT_TENANT), roles: roles(values.roles) };
  }
  if (verb === 'list' && rest.length === 0) return { do: 'list', tenantId: values.tenant === undefined ? null : name('--tenant', values.tenant) };
  if (verb === 'revoke' && rest.length === 1 && UUID.test(rest[0] ?? '')) return { do: 'revoke', keyId: rest[0] ?? '' };
  if (verb === 'revoke') throw new UsageError('revoke needs the ID that `list` shows');
  throw new UsageError(verb === undefined ? 'Say what to do: create, list or revoke' : `What is "${positionals.join(' ')}"?`);
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { user: { type: 'string' }, tenant: { type: 'string' }, roles: { type: 'string' } } });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function name(option: string, value: string | undefined): string {
  const text = value?.trim() ?? '';
  if (text === '' || text.length > NAME_MAX || /\p{Cc}/u.test(text)) throw new UsageError(`${option} needs a name of 1 to ${NAME_MAX} plain characters`);
  return text;
}

function roles(value: string | undefined): Role[] {
  if (value === undefined) return DEFAULT_ROLES;
  const words = [...new Set(value.split(',').map((word) => word.trim()).filter((word) => word !== ''))];
  const unknown = words.filter((word) => !(ROLES as readonly string[]).includes(word));
  if (unknown.length > 0 || words.length === 0) throw new UsageError(`--roles takes ${ROLES.join(', ')}${unknown.length > 0 ? `; "${unknown.join(', ')}" is none` : ''}`);
  return words as Role[];
}
