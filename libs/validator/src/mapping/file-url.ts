import type { FileObservation, MediaKind } from '@countersign/core';
import { mediaOfFileName, mediaOfMime } from '../rules/media.rules';

const MAX_URL = 8_192; // characters of an http address; data URLs may be longer
const BAD_HOST = /[\s"<>\\^`{|}\u0000-\u001f\u007f]/;

const OWN_ADDRESS = /^\/(?:artifacts|uploads)\/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?:[?#]\S{0,2000})?$/i;

/** The path of a file of our own, without a host: read from the store and handed to the provider, never fetched. */
export function isOwnAddress(text: string): boolean {
  return text.startsWith('/') && text.length < MAX_URL && OWN_ADDRESS.test(text);
}

/** True for what a provider could fetch: an http(s) address with a host, a data URL with content, or a file of our own. */
export function isFileUrl(text: string): boolean {
  const start = text.slice(0, 8).toLowerCase();
  if (start.startsWith('data:')) {
    const comma = text.indexOf(',');
    return comma > 5 && comma < 300 && comma < text.length - 1 && !/\s/.test(text.slice(0, comma));
  }
  if (start.startsWith('/')) return isOwnAddress(text);
  const from = start.startsWith('http://') ? 7 : start.startsWith('https://') ? 8 : 0;
  if (from === 0 || text.length > MAX_URL || BAD_HOST.test(text)) return false;
  const host = text.slice(from).split(/[/?#]/, 1)[0] ?? '';
  const name = host.slice(host.lastIndexOf('@') + 1);
  return name !== '' && !name.startsWith('.') && !name.startsWith(':');
}

/** Last part of an address's path, decoded; the whole address when it has none. */
export function fileNameOf(url: string): string {
  if (url.slice(0, 5).toLowerCase() === 'data:') return 'inline data';
  const path = url.slice(0, MAX_URL).split(/[?#]/, 1)[0] ?? '';
  const last = path.slice(path.indexOf('//') + 2).split('/').slice(1).filter((part) => part !== '').at(-1);
  if (last === undefined) return path;
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // not percent-encoded after all: shown as it is
  }
}

/** The kind of file behind an address: what was looked at, then the MIME type, the name, the address. */
export function mediaOfUrl(url: string, known: { observation?: FileObservation; mime?: string; name?: string }): MediaKind | undefined {
  const seen = known.observation?.outcome === 'ok' ? mediaOfMime(known.observation.mime) : undefined;
  if (seen) return seen;
  if (url.slice(0, 5).toLowerCase() === 'data:') return mediaOfMime(url.slice(5, 100).split(/[;,]/, 1)[0] ?? '');
  return (known.mime ? mediaOfMime(known.mime) : undefined) ?? (known.name ? mediaOfFileName(known.name) : undefined) ?? mediaOfFileName(fileNameOf(url));
}
