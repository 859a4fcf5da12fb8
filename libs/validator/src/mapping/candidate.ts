import type { Attachment, MediaKind } from '@countersign/core';
import type { FileFacts } from '../fixes/settle-file';
import { wordsOf } from '../form/name-words';
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

const MAX_STEM = 200; // characters of a file's name that are read
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];

const DIGITS = /[0-9]{1,9}/g;
const ORDINAL_ENDING = /^(?:st|nd|rd|th)(?![a-z])/i;

/** The number a file is marked with: `me2` → 2, `2nd_shot` → 2; none when digits stand inside letters, as in a random name. */
function numberIn(stem: string): number | null {
  const [only, ...more] = [...stem.slice(0, MAX_STEM).matchAll(DIGITS)];
  if (!only || more.length > 0) return null;
  const after = stem.slice(only.index + only[0].length);
  return /^[a-z]/i.test(after) && !ORDINAL_ENDING.test(after) ? null : Number(only[0]);
}

export function candidateOf(attachment: Attachment, facts: FileFacts): Candidate {
  const known = facts(attachment.url);
  const seenName = known.observation?.outcome === 'ok' ? known.observation.name : undefined;
  const name = attachment.name !== undefined && attachment.name !== '' ? attachment.name : seenName ?? fileNameOf(attachment.url);
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 && name.length - dot <= 6 ? name.slice(0, dot) : name;
  const words = wordsOf(stem);
  const ordinal = words.map((word) => ORDINALS.indexOf(word)).find((place) => place >= 0);
  return {
    url: attachment.url, name, words, number: numberIn(stem) ?? (ordinal === undefined ? null : ordinal + 1),
    media: mediaOfUrl(attachment.url, { ...known, ...(attachment.mime ? { mime: attachment.mime } : {}), name }),
  };
}
