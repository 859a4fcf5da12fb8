import { useEffect, useState } from 'react';
import { VisibleText } from '../text/visible-text';
import { isLoadable, isOwn, mediaKind, ownAddress, type MediaKind } from './media-kind';

/** Characters of a text file shown in place; the rest is behind its link. */
const TEXT_SHOWN = 20_000;

interface PreviewProps {
  url: string;
  /** For people who do not see it. */
  label: string;
  mime?: string | null;
  /** What the field that holds it expects. */
  hint?: string | null;
  /** Called when a link of ours has died and wants to be read again. */
  onStale?: () => void;
}

/** A file where it can be looked at or listened to; just its address where it can not. */
export function Preview({ url, label, mime = null, hint = null, onStale }: PreviewProps) {
  const address = ownAddress(url.trim(), location.origin);
  const [failed, setFailed] = useState<string | null>(null);
  if (!isLoadable(address)) return <p className="preview-note">No preview for this address.</p>;
  if (failed === address) {
    return (
      <p className="preview-note">
        This file could not be shown{isOwn(address) ? '; its link may have expired. ' : '. '}
        {onStale && isOwn(address) && <button type="button" className="link" onClick={() => { setFailed(null); onStale(); }}>Load it again</button>}
      </p>
    );
  }
  return (
    <figure className="preview">
      <Medium kind={mediaKind(address, { mime, hint })} url={address} label={label} onFail={() => setFailed(address)} />
      {!isOwn(address) && address.startsWith('https:') && <figcaption>from {new URL(address).host}</figcaption>}
    </figure>
  );
}

function Medium({ kind, url, label, onFail }: { kind: MediaKind; url: string; label: string; onFail: () => void }) {
  switch (kind) {
    case 'image':
      return <img src={url} alt={label} loading="lazy" referrerPolicy="no-referrer" onError={onFail} />;
    case 'audio':
      return <audio src={url} aria-label={label} controls preload="metadata" onError={onFail} />;
    case 'video':
      return <video src={url} aria-label={label} controls preload="metadata" onError={onFail} />;
    case 'text':
      return isOwn(url) || url.startsWith('data:') ? <TextFile url={url} onFail={onFail} /> : <p className="preview-note">Text, at the address above.</p>;
    case 'file':
      return <p className="preview-note">A file that cannot be shown here.</p>;
  }
}

function TextFile({ url, onFail }: { url: string; onFail: () => void }) {
  const [text, setText] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    readText(url, stop.signal).then(setText, () => stop.signal.aborted || onFail());
    return () => stop.abort();
    // onFail is new with each drawing; reading again for that would never end.
  }, [url]);
  if (text === null) return <p className="preview-note">Loading…</p>;
  return (
    <pre className="text-file" tabIndex={0}>
      <VisibleText text={text.slice(0, TEXT_SHOWN)} />
      {text.length > TEXT_SHOWN && '\n…'}
    </pre>
  );
}

async function readText(url: string, signal: AbortSignal): Promise<string> {
  if (url.startsWith('data:')) return decodeData(url);
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(String(response.status));
  return response.text();
}

/** By hand, because the security policy lets no request go to a data: address. */
function decodeData(url: string): string {
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  if (!/;base64$/i.test(url.slice(0, comma))) return decodeURIComponent(body);
  return new TextDecoder().decode(Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)));
}
