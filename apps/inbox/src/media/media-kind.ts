export type MediaKind = 'image' | 'audio' | 'video' | 'text' | 'file';

const BY_EXTENSION: Record<string, MediaKind> = {
  png: 'image', jpg: 'image', jpeg: 'image', webp: 'image', gif: 'image', avif: 'image', bmp: 'image', svg: 'image',
  wav: 'audio', mp3: 'audio', ogg: 'audio', oga: 'audio', flac: 'audio', m4a: 'audio', aac: 'audio', opus: 'audio',
  mp4: 'video', webm: 'video', mov: 'video', m4v: 'video',
  txt: 'text', md: 'text', json: 'text', csv: 'text', srt: 'text', vtt: 'text', log: 'text',
};

/** What an address leads to, as far as its type, its name or the field that holds it tell. */
export function mediaKind(url: string, { mime, hint }: { mime?: string | null; hint?: string | null } = {}): MediaKind {
  const type = mime ?? /^data:([^;,]+)/i.exec(url)?.[1] ?? '';
  const byType = /^(image|audio|video|text)\//.exec(type)?.[1] as MediaKind | undefined;
  if (byType) return byType;
  if (/^application\/(json|xml|x-ndjson)|\+json$/.test(type)) return 'text';
  const extension = /\.([a-z0-9]{2,5})(?:[?#]|$)/i.exec(url.startsWith('data:') ? '' : url)?.[1]?.toLowerCase() ?? '';
  const byName = BY_EXTENSION[extension];
  if (byName) return byName;
  return hint === 'image' || hint === 'audio' || hint === 'video' ? hint : 'file';
}

/** Addresses the page may load: our own, https, data and blob. Everything else stays text. */
export function isLoadable(url: string): boolean {
  return /^(https:|blob:|data:(image|audio|video|text)\/)/i.test(url) || isOwn(url);
}

export function isOwn(url: string): boolean {
  return url.startsWith('/') && !url.startsWith('//');
}

/**
 * The gateway names itself by its PUBLIC_URL; on the same machine the page may have been opened by another of its
 * names. The security policy knows only the page's own, so files of ours are addressed by path.
 */
export function ownAddress(url: string, origin: string): string {
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return url;
  const target = new URL(url);
  const page = new URL(origin);
  const isOurs = target.origin === page.origin || (isLoopback(target.hostname) && isLoopback(page.hostname) && target.port === page.port);
  return isOurs ? target.pathname + target.search : url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d+){3}$/.test(host);
}
