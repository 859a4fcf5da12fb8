/*
 * What this is: which addresses on the network may be asked for a file. Pure: no DNS, no connection.
 * Invariant: only public unicast addresses pass; everything unknown, special or written in a disguise does not.
 * To extend: a forbidden address that ipaddr.js takes for public goes into FORBIDDEN_PUBLIC, with where it is from.
 */
import { IPv4, IPv6, isValid, parse } from 'ipaddr.js';
import { FileError } from '@countersign/core';

/** Addresses outside the special ranges that still lead into somebody's machine room. */
const FORBIDDEN_PUBLIC = [
  IPv4.parseCIDR('168.63.129.16/32'), // Azure's wire server: agent and DNS of every virtual machine there
];
const GLOBAL_UNICAST = IPv6.parseCIDR('2000::/3'); // RFC 4291: all that has been given out so far

/** Names that never leave a machine or a house, before any DNS (RFC 6761, RFC 6762, RFC 9476, cloud metadata). */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|home\.arpa|alt|onion|test|invalid)$/;

/** @returns true for a public unicast address in its numeric form; false for anything else, also for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (!isValid(address)) return false;
  const parsed = parse(address);
  if (parsed instanceof IPv4) return isPublicV4(parsed);
  if (!(parsed instanceof IPv6)) return false;
  if (parsed.isIPv4MappedAddress()) return false;
  return parsed.range() === 'unicast' && parsed.match(GLOBAL_UNICAST) && parsed.zoneId === undefined;
}

function isPublicV4(address: IPv4): boolean {
  return address.range() === 'unicast' && !FORBIDDEN_PUBLIC.some((range) => address.match(range));
}

/** A host as it is written in FETCH_ALLOW_HOSTS: `name:port`, `1.2.3.4:port`, `[::1]:port`, lower case. */
export type AllowedHost = string;

export interface Target {
  url: URL;
  /** Named by the operator: its addresses are not judged. */
  exempt: boolean;
}

/**
 * Judges an address as it is written, before any DNS.
 * @throws FileError `not_a_url` or `address_not_allowed`. The messages name the host, never path or query (they may hold keys).
 */
export function judgeUrl(text: string, allowHosts: readonly AllowedHost[]): Target {
  const url = readUrl(text);
  const host = hostOf(url);
  const exempt = allowHosts.includes(`${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`);
  if (exempt) return { url, exempt };
  const isNumeric = isValid(host);
  if (isNumeric ? !isPublicAddress(host) : isLocalName(host)) {
    throw new FileError('address_not_allowed', `${url.hostname} is not a public address: files are fetched from public addresses only.`);
  }
  return { url, exempt };
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new FileError('not_a_url', 'This is not a web address.');
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new FileError('not_a_url', `Files are fetched by http and https, not by ${url.protocol.slice(0, 20)}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new FileError('address_not_allowed', `The address of a file on ${url.hostname} must not hold a user name or password.`);
  }
  return url;
}

function isLocalName(host: string): boolean {
  const name = host.replace(/\.+$/, '');
  return name === '' || !name.includes('.') || LOCAL_NAMES.test(name);
}

/** @returns the host as a resolver wants it: no brackets around an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}
