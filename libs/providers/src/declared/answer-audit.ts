import { isJsonObject, type AnswerAudit, type Json, type ProviderOutput } from '@countersign/core';

const MAX_TEXT = 100_000; // characters looked at: a book's worth; regular expressions stay cheap
const DOUBTFUL = 0.2; // quality of an answer with parts missing
const DECLINED = 0.3; // quality of "I cannot help with that"
const TEXT_MEMBERS = ['text', 'transcription', 'transcript', 'caption', 'output', 'answer']; // where object answers keep their words

type Flag = AnswerAudit['flags'][number];

/** A look at the answer before a person sees it. Signs, not proof: what it flags is shown with the reason. */
export function auditAnswer(output: ProviderOutput): AnswerAudit {
  const text = textOf(output)?.slice(0, MAX_TEXT) ?? null;
  return { text, quality: quality(output, text), flags: [...textFlags(text ?? ''), ...modelFlags(output.raw)] };
}

function textOf({ parts, raw }: ProviderOutput): string | null {
  const texts = parts.filter((part) => part.kind === 'text').map((part) => part.text);
  if (texts.length > 0) return texts.join('\n');
  if (!isJsonObject(raw)) return null;
  for (const member of TEXT_MEMBERS) {
    const value = raw[member];
    if (typeof value === 'string') return value;
  }
  return null;
}

function quality({ doubts }: ProviderOutput, text: string | null): number | null {
  if (text !== null && text.trim() === '') return 0;
  if (doubts.length > 0) return DOUBTFUL;
  if (text !== null && /^\W*(i('m| am) (sorry|unable)|i (can't|cannot|can not)|as an ai\b)/i.test(text)) return DECLINED;
  return null;
}

/** Personal data is looked for in every provider's answers, where they come in. */
function textFlags(text: string): Flag[] {
  const isMarked = /(©|\(c\)|copyright)\s*\d{4}|all rights reserved/i.test(text);
  return isMarked ? [{ flag: 'copyright', score: 0.6, why: 'the answer holds a copyright notice' }] : [];
}

/** Some models judge their own output and say so in a member named nsfw…. */
function modelFlags(raw: Json): Flag[] {
  if (!isJsonObject(raw)) return [];
  return Object.entries(raw).flatMap(([name, value]) => {
    const found = /nsfw|unsafe/i.test(name) && (value === true || (Array.isArray(value) && value.includes(true)));
    return found ? [{ flag: 'nsfw', score: 1, why: `the model itself says ${name}` }] : [];
  });
}
