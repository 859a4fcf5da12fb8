import { readRangeHeader } from '@countersign/files';
import { isInlineSafe } from '@countersign/files';
import type { Artifact, FileRange } from '@countersign/core';

/** Addresses are good for an hour, so a browser may keep what it got that long; nobody else may. */
const CACHE = 'private, max-age=3600';
/** A file is never a page: whatever is inside runs nothing and fetches nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox; frame-ancestors 'none'";

const etagOf = (artifact: Pick<Artifact, 'sha256'>): string => `"${artifact.sha256}"`;

/** Headers that say what a kept file is. */
export function fileHeaders(artifact: Artifact): Record<string, string> {
  const isText = artifact.mime.startsWith('text/') || artifact.mime === 'application/json';
  return {
    'Content-Type': isText ? `${artifact.mime}; charset=utf-8` : artifact.mime,
    'Content-Disposition': disposition(artifact),
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': CACHE,
    'Accept-Ranges': 'bytes',
    ETag: etagOf(artifact),
  };
}

/** What a browser would run is a download only. */
function disposition({ mime, name }: Artifact): string {
  const kind = isInlineSafe(mime) ? 'inline' : 'attachment';
  if (name === null) return kind;
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)}`;
}

/** The part that is asked for (RFC 9110 §13.1.5, §14.2); null = all of it. */
export function wantedRange(artifact: Artifact, headers: { range?: string; 'if-range'?: string }): FileRange | null {
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etagOf(artifact)) return null;
  return readRangeHeader(headers.range);
}

/** The caller has these very bytes already. */
export function isUnchanged(artifact: Artifact, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etagOf(artifact));
}
