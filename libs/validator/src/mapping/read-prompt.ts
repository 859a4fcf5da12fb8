import type { ConversationMessage, Json } from '@countersign/core';
import { isJsonObject } from '@countersign/core';
import { isFileUrl } from './file-url';

const MAX_READ = 100_000; // characters of a prompt that are searched for addresses
const MAX_URLS = 50; // addresses taken from one text
const MAX_MESSAGES = 10; // newest messages of a conversation that are searched
const MAX_PARTS = 200; // text parts of one message
const MAX_ONE = 10_000; // characters in which a marker's one address must stand
/** Markers as callers write them; case and a space more or less do not matter. */
const BEGIN = /---[ ]?BEGIN_ATTACHMENTS[ ]?---/i, END = /---[ ]?END_ATTACHMENTS[ ]?---/i;
const CLIP = /\u{1F4CE}\uFE0F?[ ]?Attachments?(?: \(\d{1,4}\))?[ ]?:/iu;
const ARROW = /:->[ ]{0,3}attached documents?[ ]?:/i;
const TELEGRAM = /https?:\/\/api\.telegram\.org\//i;
const CLOSERS = ')]>,;.';
const STOPS = /[\s"'<>()[\]{}|\\^`]/;
const TAIL = '.,;:!?)*_';

export interface ReadPrompt {
  /** The user's words, without attachment markers and without addresses that carry a bot token. */
  text: string;
  /** Files handed over inside markers: attachments like any other. */
  attached: string[];
  /** Addresses that merely stand in the text. */
  mentioned: string[];
}

/** http(s) addresses in a text, in order, query strings included, punctuation around them left out. */
export function urlsIn(text: string): string[] {
  const found: string[] = [];
  const read = text.slice(0, MAX_READ);
  const lower = read.toLowerCase();
  for (let at = lower.indexOf('http'); at >= 0 && found.length < MAX_URLS; at = lower.indexOf('http', at + 4)) {
    if (!lower.startsWith('://', at + 4) && !lower.startsWith('s://', at + 4)) continue;
    let end = at;
    while (end < read.length && !STOPS.test(read[end] ?? ' ')) end += 1;
    while (end > at && TAIL.includes(read[end - 1] ?? '')) end -= 1;
    const url = read.slice(at, end);
    if (isFileUrl(url) && !found.includes(url)) found.push(url);
    at = Math.max(at, end - 4);
  }
  return found;
}

/** Each stretch that a marker starts, as far as `until` says it reaches; returns the rest and what was cut. */
function cut(text: string, marker: RegExp, until: (rest: string) => number): { text: string; cut: string[] } {
  const taken: string[] = [];
  let done = '', rest = text;
  for (let rounds = 0; rounds < MAX_URLS; rounds += 1) {
    const found = marker.exec(rest);
    if (!found) break;
    const after = rest.slice(found.index + found[0].length);
    const length = until(after);
    taken.push(after.slice(0, length));
    done = joined(done, rest.slice(0, found.index)).trimEnd();
    rest = after.slice(length);
  }
  return { text: joined(done, rest), cut: taken };
}

/** Words on both sides of what was cut are not glued. */
function joined(head: string, tail: string): string {
  if (head === '' || tail.trim() === '') return head + tail;
  return `${head}${/^\s/.test(tail) ? '' : ' '}${tail}`;
}

/** What may stand before a file's address in a list: nothing, a bullet with a name, a name with a colon, the web's marker. */
const LABEL = /^\s{0,9}(?:(?:[-*\u2022]|\d{1,3}[.)])\s[^\n]{0,100}|[^\s:]{1,100}:\s{0,9}|:->[ ]{0,3}attached documents?[ ]?:\s{0,9})?$/i;

/** A list of addresses, one or more to a line: ends after the last address before a line that is no part of a list. */
function listLength(rest: string): number {
  let end = 0, at = 0;
  for (const line of rest.split('\n')) {
    const urls = urlsIn(line);
    const first = urls[0];
    if (first === undefined) {
      if (end > 0 || line.trim() !== '') break;
    } else {
      if (at > 0 && !LABEL.test(line.slice(0, line.indexOf(first)))) break;
      // An address may stand twice, so the last new one need not be the last on the line.
      end = at + tailAfter(line, Math.max(...urls.map((url) => line.lastIndexOf(url) + url.length)));
    }
    at += line.length + 1;
  }
  return end;
}

/** Punctuation that closes an address in a list belongs to it. */
function tailAfter(line: string, from: number): number {
  let end = from;
  while (end < line.length && CLOSERS.includes(line[end] ?? '')) end += 1;
  return end;
}

function blockLength(rest: string): number {
  const end = END.exec(rest);
  return end ? end.index + end[0].length : listLength(rest);
}

/** The one address that follows; none when something else does, which then stays. */
function addressLength(rest: string): number {
  const [url] = urlsIn(rest.slice(0, MAX_ONE));
  const at = url === undefined ? -1 : rest.indexOf(url);
  return url === undefined || rest.slice(0, at).trim() !== '' ? 0 : tailAfter(rest, at + url.length);
}

function wordLength(rest: string): number {
  const end = rest.search(/\s/);
  return end < 0 ? rest.length : end;
}

/** In a block each line is one file, also one inside its own address. */
function filesIn(stretch: string): string[] {
  return stretch.split('\n').flatMap((line) => (isFileUrl(line.trim()) ? [line.trim()] : urlsIn(line)));
}

/** Understands the markers that existing callers put into prompts, and takes them out. Without markers the text is untouched. */
export function readPrompt(prompt: string): ReadPrompt {
  if (![BEGIN, END, CLIP, ARROW, TELEGRAM].some((marker) => marker.test(prompt))) return { text: prompt, attached: [], mentioned: urlsIn(prompt) };
  const block = cut(prompt, BEGIN, blockLength);
  const ends = cut(block.text, END, () => 0);
  const clip = cut(ends.text, CLIP, listLength);
  const arrow = cut(clip.text, ARROW, addressLength);
  const token = cut(arrow.text, TELEGRAM, wordLength);
  const attached = [...block.cut.flatMap(filesIn), ...clip.cut.flatMap(urlsIn), ...arrow.cut.flatMap(urlsIn)];
  const telegram = token.cut.flatMap((rest) => urlsIn(`https://api.telegram.org/${rest}`));
  return { text: token.text.trim(), attached: [...new Set([...attached, ...telegram])], mentioned: urlsIn(token.text) };
}

/** The text parts of a message, whatever nesting its client uses. */
export function textOf(content: Json): string {
  const parts: string[] = [];
  const open: Json[] = [content];
  for (let seen = 0; open.length > 0 && seen < MAX_PARTS; seen += 1) {
    const node = open.pop() as Json;
    if (typeof node === 'string') parts.push(node);
    else if (Array.isArray(node)) open.push(...node.slice(0, MAX_PARTS).reverse());
    else if (isJsonObject(node)) open.push(...Object.values(node).slice(0, MAX_PARTS).reverse());
  }
  return parts.join('\n');
}

/** Addresses per message, newest message first, none twice. */
export function urlsInConversation(messages: readonly ConversationMessage[]): string[][] {
  const seen = new Set<string>();
  return messages.slice(-MAX_MESSAGES).reverse().map((message) => urlsIn(textOf(message.content)).filter((url) => !seen.has(url) && Boolean(seen.add(url))));
}
