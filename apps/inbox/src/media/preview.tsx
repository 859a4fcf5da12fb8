import { useEffect, useState } from 'react';
import { useSession } from '../session/session';
import { VisibleText } from '../text/visible-text';
import { isLoadable, isOwn, mediaKind, ownAddress, type MediaKind } from './media-kind';
import { useShownFile } from './own-file';

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
export function Preview(props: PreviewProps) {
  const address = ownAddress(props.url.trim(), location.origin);
  const [failed, setFailed] = useState<string | null>(null);
  const [allowed, setAllowed] = useState<string | null>(null);
  const { onStale } = props;
  if (/^http:/i.test(address) && URL.canParse(address) && allowed !== address) {
    // Plain http may lead into the reviewer's own network: nothing is asked there without a word from them.
    return <p className="preview-note"><button type="button" className="link" onClick={() => setAllowed(address)}>Load a preview from {new URL(address).host}</button></p>;
  }
  if (!isLoadable(address) && allowed !== address) return <p className="preview-note">No preview for this address.</p>;
  if (failed === address) {
    return (
      <p className="preview-note">
        This file could not be shown{isOwn(address) ? '; its link may have expired. ' : '. '}
        {onStale && isOwn(address) && <button type="button" className="link" onClick={() => { setFailed(null); onStale(); }}>Load it again</button>}
      </p>
    );
  }
  return <Shown {...props} address={address} onFail={() => setFailed(address)} />;
}

function Shown({ address, label, mime = null, hint = null, onFail }: PreviewProps & { address: string; onFail: () => void }) {
  const shown = useShownFile(address, onFail);
  if (shown === null) return <p className="preview-note">Loading…</p>;
  const kind = mediaKind(address, { mime: mime ?? shown.mime, hint });
  return (
    <figure className="preview">
      {kind === 'text' ? <TextFile address={address} onFail={onFail} /> : <Medium kind={kind} url={shown.url} label={label} onFail={onFail} />}
      {/^https?:/i.test(address) && <figcaption>from {new URL(address).host}</figcaption>}
    </figure>
  );
}

function Medium({ kind, url, label, onFail }: { kind: Exclude<MediaKind, 'text'>; url: string; label: string; onFail: () => void }) {
  switch (kind) {
    case 'image':
      return <img src={url} alt={label} loading="lazy" referrerPolicy="no-referrer" onError={onFail} />;
    case 'audio':
      return <audio src={url} aria-label={label} controls preload="metadata" onError={onFail} />;
    case 'video':
      return <video src={url} aria-label={label} controls preload="metadata" onError={onFail} />;
    case 'file':
      return <p className="preview-note">A file that cannot be shown here.</p>;
  }
}

/** Text of our own or in the address itself; other servers are not asked for it. */
function TextFile({ address, onFail }: { address: string; onFail: () => void }) {
  const { client } = useSession();
  const [text, setText] = useState<string | null>(null);
  const isReadable = isOwn(address) || address.startsWith('data:');
  useEffect(() => {
    if (!isReadable) return undefined;
    const stop = new AbortController();
    const reading = isOwn(address) ? client.download(address, { signal: stop.signal }).then((file) => file.text()) : Promise.resolve().then(() => decodeData(address));
    reading.then(setText, () => stop.signal.aborted || onFail());
    return () => stop.abort();
    // onFail is new with each drawing; reading again for that would never end.
  }, [client, address, isReadable]);
  if (!isReadable) return <p className="preview-note">Text, at the address above.</p>;
  if (text === null) return <p className="preview-note">Loading…</p>;
  return (
    <pre className="text-file" tabIndex={0}>
      <VisibleText text={text.slice(0, TEXT_SHOWN)} />
      {text.length > TEXT_SHOWN && '\n…'}
    </pre>
  );
}

/** By hand, because the security policy lets no request go to a data: address. */
function decodeData(url: string): string {
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  if (!/;base64$/i.test(url.slice(0, comma))) return decodeURIComponent(body);
  return new TextDecoder().decode(Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)));
}
