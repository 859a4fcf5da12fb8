import { useEffect, useState } from 'react';
import { useSession } from '../session/session';
import { isOwn } from './media-kind';

/** An upload's address carries no signature: the file is read with our own right to see it and shown from memory. */
function needsReading(address: string): boolean {
  return isOwn(address) && address.startsWith('/artifacts/') && !address.includes('?');
}

export interface ShownFile {
  url: string;
  /** As our own store says; null for addresses that were not read. */
  mime: string | null;
}

/** @returns what to show, null while it is being read; `onFail` when it may not be seen. */
export function useShownFile(address: string, onFail: () => void): ShownFile | null {
  const { client } = useSession();
  const [read, setRead] = useState<(ShownFile & { from: string }) | null>(null);
  const isRead = needsReading(address);
  useEffect(() => {
    if (!isRead) return undefined;
    const stop = new AbortController();
    let made: string | null = null;
    client.download(address, { signal: stop.signal }).then(
      (file) => {
        if (stop.signal.aborted) return;
        made = URL.createObjectURL(file);
        setRead({ from: address, url: made, mime: file.type || null });
      },
      () => stop.signal.aborted || onFail(),
    );
    return () => {
      stop.abort();
      if (made) URL.revokeObjectURL(made);
    };
    // onFail is new with each drawing; reading again for that would never end.
  }, [client, address, isRead]);
  if (!isRead) return { url: address, mime: null };
  return read?.from === address ? read : null;
}
