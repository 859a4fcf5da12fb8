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

function textFlags(text: string): Flag[] {
  const flags: Flag[] = [];
  if (/[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,4}/.test(text)) flags.push({ flag: 'pii', score: 0.9, why: 'the answer holds an e-mail address' });
  if ((text.match(/\b\d(?:[ -]?\d){12,18}\b/g) ?? []).some(isCardNumber)) flags.push({ flag: 'pii', score: 0.95, why: 'the answer holds what looks like a card number' });
  if (/\b\d{3}-\d{2}-\d{4}\b/.test(text)) flags.push({ flag: 'pii', score: 0.8, why: 'the answer holds what looks like a social security number' });
  if (/(©|\(c\)|copyright)\s*\d{4}|all rights reserved/i.test(text)) flags.push({ flag: 'copyright', score: 0.6, why: 'the answer holds a copyright notice' });
  return flags;
}

/** Some models judge their own output and say so in a member named nsfw…. */
function modelFlags(raw: Json): Flag[] {
  if (!isJsonObject(raw)) return [];
  return Object.entries(raw).flatMap(([name, value]) => {
    const found = /nsfw|unsafe/i.test(name) && (value === true || (Array.isArray(value) && value.includes(true)));
    return found ? [{ flag: 'nsfw', score: 1, why: `the model itself says ${name}` }] : [];
  });
}

/** Luhn's check digit. */
function isCardNumber(text: string): boolean {
  const digits = [...text.replace(/\D/g, '')].reverse().map(Number);
  const sum = digits.reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2), 0);
  return sum % 10 === 0 && new Set(digits).size > 1;
}
