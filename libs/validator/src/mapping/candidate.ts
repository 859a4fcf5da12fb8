import type { Attachment, MediaKind } from '@countersign/core';
import type { FileFacts } from '../fixes/settle-file';
import { numberOf, wordsOf } from '../form/name-words';
import { fileNameOf, mediaOfUrl } from './file-url';

/** A file somebody handed over or mentioned, and what its name tells. */
export interface Candidate {
  url: string;
  name: string;
  media: MediaKind | undefined;
  /** Words of the name without its ending. */
  words: readonly string[];
  number: number | null;
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];

/** `me2` → 2: a short word keeps its digits in `wordsOf`, so that mp3 stays whole. */
function trailingNumber(word: string): number | null {
  const digits = /^[a-z]{1,2}([0-9]{1,3})$/.exec(word)?.[1];
  return digits === undefined ? null : Number(digits);
}

export function candidateOf(attachment: Attachment, facts: FileFacts): Candidate {
  const known = facts(attachment.url);
  const seenName = known.observation?.outcome === 'ok' ? known.observation.name : undefined;
  const name = attachment.name !== undefined && attachment.name !== '' ? attachment.name : seenName ?? fileNameOf(attachment.url);
  const dot = name.lastIndexOf('.');
  const words = wordsOf(dot > 0 && name.length - dot <= 6 ? name.slice(0, dot) : name);
  const ordinal = words.map((word) => ORDINALS.indexOf(word)).find((place) => place >= 0);
  return {
    url: attachment.url, name, words, number: numberOf(words) ?? trailingNumber(words.at(-1) ?? '') ?? (ordinal === undefined ? null : ordinal + 1),
    media: mediaOfUrl(attachment.url, { ...known, ...(attachment.mime ? { mime: attachment.mime } : {}), name }),
  };
}
