/*
 * What this is: a card's question in better words.
 * Invariant: the wording changes nothing but the wording: whatever is missing is still named in it, it brings no address, and
 * what the card lists stays beside it.
 */
import { isJsonObject, type Approval, type Issue, type Json, type JsonObject, type ModelQuestion } from '@countersign/core';
import { hideAddresses } from '@countersign/validator';
import { z } from 'zod';
import { plainSchema } from './plain-schema';
import { fieldFor, openFields, safeText } from './safe-text';

const MAX_ISSUES = 20; // told to the model; a card with more is not made better by words
const MAX_SENTENCE = 400; // characters of one problem
const MAX_DESCRIPTION = 300; // characters of a field's description: the first sentences say what it is
const MAX_WORDING = 800; // characters of the message; two or three sentences
const MAX_OUTPUT_TOKENS = 400; // room for MAX_WORDING in any language, and the JSON round it

const INSTRUCTIONS = `You word one message to a person who has to complete or mend a request before an AI model can run.
Say in at most three plain, friendly sentences what is missing or wrong and how to give it. Name every field of "problems" by its label, exactly as written.
Invent nothing: no fields, values, limits or promises that are not in the data. No greeting, no links, no markup. Do not say that anything is approved or will run.
Write in English.`;

const WORDING = z.object({ message: z.string() });
const SCHEMA = plainSchema(WORDING);
/** Characters that could make a text look like something else: controls, and marks that turn its direction. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Null when there is nothing to say better. */
export function wordQuestion(approval: Approval, timeoutMs: number): ModelQuestion<Json> | null {
  const issues = blockingIssues(approval.context);
  const refused = refusedFields(approval.context);
  if (issues.length === 0 && refused.length === 0) return null;
  if (issues.length > MAX_ISSUES || refused.length > MAX_ISSUES) return null;
  const fields = new Map(openFields(approval.schema));
  const about = (name: string): JsonObject => fieldFor(name, fields.get(name) ?? {}, MAX_DESCRIPTION);
  return {
    instructions: INSTRUCTIONS,
    material: {
      title: safeText(approval.title, MAX_SENTENCE), message: safeText(approval.message, MAX_SENTENCE),
      problems: [
        ...issues.map((issue) => ({ field: about(issue.field), problem: safeText(issue.message, MAX_SENTENCE), how_to_mend: safeText(issue.suggested_fix, MAX_SENTENCE) })),
        ...refused.map(({ name, message }) => ({ field: about(name), problem: safeText(message, MAX_SENTENCE) })),
      ],
    },
    schema: SCHEMA,
    read: (value) => WORDING.safeParse(value).data ?? null,
    maxOutputTokens: MAX_OUTPUT_TOKENS, timeoutMs,
  };
}

/** The wording as it may be shown; null when it says less than the rules do, or something else. */
export function fitWording(approval: Approval, answer: Json): string | null {
  const message = isJsonObject(answer) && typeof answer.message === 'string' ? answer.message.replace(UNSEEN, '').trim() : '';
  if (message === '' || message.length > MAX_WORDING || hideAddresses(message).addresses.length > 0 || /www\.|:\/\//i.test(message)) return null;
  const said = message.toLowerCase();
  const fields = new Map(openFields(approval.schema));
  const isNamed = (name: string): boolean => [name, fields.get(name)?.title].some((word) => typeof word === 'string' && word !== '' && said.includes(word.toLowerCase()));
  const names = [...blockingIssues(approval.context).map(({ field }) => field), ...refusedFields(approval.context).map(({ name }) => name)];
  return names.every(isNamed) ? message : null;
}

function blockingIssues(context: JsonObject): Issue[] {
  const { validation_summary: summary } = context;
  const checkpoints = isJsonObject(summary) && Array.isArray(summary.checkpoints) ? summary.checkpoints : [];
  const issues = checkpoints.flatMap((checkpoint) => (isJsonObject(checkpoint) && Array.isArray(checkpoint.issues) ? (checkpoint.issues as unknown as Issue[]) : []));
  return issues.filter(({ severity }) => severity === 'error');
}

function refusedFields({ refused_fields: refused }: JsonObject): { name: string; message: string }[] {
  return (Array.isArray(refused) ? refused : []).flatMap((one) => (isJsonObject(one) && typeof one.field === 'string'
    ? [{ name: one.field, message: typeof one.message === 'string' ? one.message : '' }] : []));
}
