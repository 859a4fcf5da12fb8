import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { FileError } from '@countersign/core';
import { hostOf, isPublicAddress } from './address-rules';
import type { Target } from './address-rules';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Finds all addresses of a name. */
export type Resolve = (host: string) => Promise<ResolvedAddress[]>;

export const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true, verbatim: true });

/**
 * Asks DNS once and judges every address that comes back: one bad address condemns the name.
 * @throws FileError `file_unreachable` when the name has no address, `address_not_allowed` when one may not be asked.
 */
export async function checkedAddresses({ url, exempt }: Target, resolve: Resolve, isPublic = isPublicAddress): Promise<ResolvedAddress[]> {
  const host = hostOf(url);
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host).catch(() => []) : [{ address: host, family }];
  if (addresses.length === 0) throw new FileError('file_unreachable', `${url.hostname} cannot be found.`);
  if (!exempt && !addresses.every(({ address }) => isPublic(address))) {
    throw new FileError('address_not_allowed', `${url.hostname} leads to an address that is not public: files are fetched from public addresses only.`);
  }
  return addresses;
}

/** @returns a lookup for node:http that knows only what was checked: DNS has no second say (rebinding). */
export function pinnedLookup(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const wanted = addresses.filter(({ family }) => !options.family || options.family === family || options.family === `IPv${family}`);
    const first = wanted[0];
    if (first === undefined) callback(Object.assign(new Error('no checked address'), { code: 'ENOTFOUND' }), '');
    else if (options.all === true) callback(null, wanted);
    else callback(null, first.address, first.family);
  };
}
