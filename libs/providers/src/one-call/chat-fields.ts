import { isJsonObject, type Json, type JsonObject } from '@countersign/core';
import type { DeclaredField } from '../declared/declared-form';
import { FieldTrouble } from './one-call-model';

/** Earlier turns at most: more is a log, not a conversation. */
const MAX_TURNS = 200;
/** Pictures at most in one question: fewer than any of these APIs takes, more than a person wants to look through. */
const MAX_PICTURES = 20;
const TURN_ROLES = ['user', 'assistant'];

export const PROMPT: DeclaredField = {
  name: 'prompt', type: 'string', role: { kind: 'prompt' }, required: true, minLength: 1, description: 'What the model is asked. It goes to the model as it stands.',
};
export const SYSTEM_PROMPT: DeclaredField = {
  name: 'system_prompt', type: 'string', role: { kind: 'text' }, description: 'How the model should behave, said before the conversation.',
};
export const MESSAGES: DeclaredField = {
  name: 'messages', type: 'array', itemType: 'object', maxItems: MAX_TURNS,
  description: 'Earlier turns of the conversation, oldest first: {"role": "user" or "assistant", "content": "…"}. The prompt follows them.',
};
export const IMAGES: DeclaredField = {
  name: 'images', type: 'array', itemType: 'string', maxItems: MAX_PICTURES, role: { kind: 'file', media: 'image', shape: 'url_list' },
  description: 'Pictures the prompt is about: PNG, JPEG, WebP or GIF.',
};

/** @param most the model's own limit; null = not known, the API then judges. */
export function maxTokens(most: number | null, more: Partial<DeclaredField> = {}): DeclaredField {
  return {
    name: 'max_tokens', type: 'integer', minimum: 1, ...(most === null ? {} : { maximum: most }),
    description: 'The answer ends after so many tokens; thinking counts too.', ...more,
  };
}

export interface Turn {
  role: string;
  content: string;
}

/** @throws FieldTrouble when an entry is no turn. */
export function turnsOf(input: JsonObject): Turn[] {
  const listed = input['messages'];
  return Array.isArray(listed) ? listed.map(turnOf) : [];
}

export function textsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** Those of the named fields that are given, under the same names. */
export function given(input: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (input[name] === undefined || input[name] === null ? [] : [[name, input[name]]])));
}

function turnOf(entry: Json, index: number): Turn {
  const role = isJsonObject(entry) ? entry['role'] : null;
  const content = isJsonObject(entry) ? entry['content'] : null;
  if (typeof role !== 'string' || !TURN_ROLES.includes(role) || typeof content !== 'string') {
    throw new FieldTrouble('messages', 'wrong_type', `Entry ${index + 1} of messages must be {"role": "user" or "assistant", "content": "text"}.`);
  }
  return { role, content };
}
