import type { ConversationMessage, Json } from '@countersign/core';
import { isJsonObject } from '@countersign/core';
import { isFileUrl } from './file-url';

const MAX_READ = 100_000; // characters of a prompt that are searched for addresses
const MAX_URLS = 50; // addresses taken from one text
const MAX_MESSAGES = 10; // newest messages of a conversation that are searched (VALIDATION.md, "Mapping")
const MAX_PARTS = 200; // text parts of one message
const BEGIN = '---BEGIN_ATTACHMENTS---', END = '---END_ATTACHMENTS---', CLIP = '📎 Attachments:', ARROW = ':-> attached document:';
const TELEGRAM = 'https://api.telegram.org/';
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

/** Cuts each stretch from `from` to what `until` finds; returns the rest and what was cut. */
function cut(text: string, from: string, until: (rest: string) => number): { text: string; cut: string[] } {
  const taken: string[] = [];
  let rest = text;
  for (let at = rest.indexOf(from), rounds = 0; at >= 0 && rounds < MAX_URLS; at = rest.indexOf(from), rounds += 1) {
    const after = rest.slice(at + from.length);
    const length = until(after);
    taken.push(after.slice(0, length));
    const head = rest.slice(0, at).trimEnd(), tail = after.slice(length);
    rest = head !== '' && tail.trim() !== '' ? `${head}${/^\s/.test(tail) ? '' : ' '}${tail}` : head + tail;
  }
  return { text: rest, cut: taken };
}

/** Understands the markers that existing callers put into prompts, and takes them out. Without markers the text is untouched. */
export function readPrompt(prompt: string): ReadPrompt {
  const marked = [BEGIN, CLIP, ARROW, TELEGRAM].some((marker) => prompt.includes(marker));
  if (!marked) return { text: prompt, attached: [], mentioned: urlsIn(prompt) };
  const block = cut(prompt, BEGIN, (rest) => { const end = rest.indexOf(END); return end < 0 ? rest.length : end + END.length; });
  const arrow = cut(block.text, ARROW, (rest) => { const lead = rest.length - rest.trimStart().length; const end = rest.slice(lead).search(/\s/); return end < 0 ? rest.length : lead + end; });
  const clip = cut(arrow.text, CLIP, (rest) => { const end = rest.indexOf('\n\n'); return end < 0 ? rest.length : end; });
  const token = cut(clip.text, TELEGRAM, (rest) => { const end = rest.search(/\s/); return end < 0 ? rest.length : end; });
  const attached = [...block.cut, ...arrow.cut, ...clip.cut].flatMap(urlsIn);
  const telegram = token.cut.map((rest) => TELEGRAM + rest).flatMap(urlsIn);
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
