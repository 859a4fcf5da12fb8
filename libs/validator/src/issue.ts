import type { Issue, IssueCode, Json, JsonObject, Severity } from '@countersign/core';
import { toWellFormed } from './form/well-formed';

const MAX_SHOWN = 200; // characters of a given value that a message shows; the rest helps nobody and may be megabytes

/** Telegram puts the bot's token into file addresses. */
const BOT_TOKEN = /\/bot\d{1,20}:[\w-]{1,80}/g;

/** A value as an issue may show it: cut, well formed, never a secret. */
export function shown(value: Json): Json {
  if (typeof value === 'string') return toWellFormed(value.slice(0, MAX_SHOWN)).replace(BOT_TOKEN, '/bot…');
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
}

interface Wording { issue: string; message: string; fix: string; details?: JsonObject; auto?: boolean; severity?: Severity }

export function issueOf(code: IssueCode, field: string, wording: Wording): Issue {
  return {
    code, field, severity: wording.severity ?? 'error', issue: wording.issue, message: wording.message, suggested_fix: wording.fix,
    auto_fixable: wording.auto ?? false, ...(wording.details ? { details: wording.details } : {}),
  };
}
