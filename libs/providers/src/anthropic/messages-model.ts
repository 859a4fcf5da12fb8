import { isJsonObject, type Form, type Json, type JsonObject } from '@countersign/core';
import { IMAGES, MESSAGES, PROMPT, SYSTEM_PROMPT, given, maxTokens, textsOf, turnsOf } from '../one-call/chat-fields';
import { declareForm, type DeclaredField } from '../declared/declared-form';
import { count, FieldTrouble, wireName, type AnswerReading, type OneCallModel } from '../one-call/one-call-model';

export interface ClaudeFamily {
  title: string;
  description: string;
  /** Most tokens of one answer. */
  maxOutput: number;
  /** Takes temperature, top_p and top_k. */
  sampling: boolean;
}

/** The API wants a limit; enough for a long page, little enough to be no surprise on the bill. */
const DEFAULT_MAX_TOKENS = 4_096;
/** An answer comes whole, within the ten minutes one call may take: at some 35 tokens a second this many. */
const MAX_WHOLE_ANSWER = 21_000;
const MAX_STOPS = 16; // more is a mistake

const SAMPLING: readonly DeclaredField[] = [
  { name: 'temperature', type: 'number', minimum: 0, maximum: 1, default: 1, description: 'Higher is more varied, lower more settled. Change this or top_p, not both.' },
  { name: 'top_p', type: 'number', minimum: 0, maximum: 1, description: 'Only the likeliest words that together have this probability are considered.' },
  { name: 'top_k', type: 'integer', minimum: 0, description: 'Only so many of the likeliest words are considered.' },
];
const PLAIN_FIELDS = ['temperature', 'top_p', 'top_k', 'stop_sequences'];

export function messagesModel(model: string, family: ClaudeFamily): OneCallModel {
  const form = messagesForm(model, family);
  const tokensOf = (input: JsonObject): number => count(input['max_tokens']) ?? DEFAULT_MAX_TOKENS;
  return {
    form,
    path: '/messages',
    fieldByParam: { messages: 'prompt', system: 'system_prompt' },
    mostTokensOut: tokensOf,
    body: (input) => bodyOf(form, input, tokensOf(input)),
    read: ({ json }) => readMessage(json),
  };
}

function messagesForm(model: string, { title, description, maxOutput, sampling }: ClaudeFamily): Form {
  return declareForm({
    provider: 'anthropic', model, title, description,
    fields: [
      PROMPT, SYSTEM_PROMPT, MESSAGES, IMAGES, maxTokens(Math.min(maxOutput, MAX_WHOLE_ANSWER), { default: DEFAULT_MAX_TOKENS }),
      ...(sampling ? SAMPLING : []),
      { name: 'stop_sequences', type: 'array', itemType: 'string', maxItems: MAX_STOPS, description: 'The answer ends before any of these.' },
    ],
    rules: sampling ? [{ kind: 'at_most_one', fields: ['temperature', 'top_p'], source: 'Anthropic messages reference' }] : [],
    output: { kind: 'text' },
  });
}

function bodyOf(form: Form, input: JsonObject, tokens: number): JsonObject {
  const system = input['system_prompt'];
  const pictures = textsOf(input['images']);
  const prompt = input['prompt'] ?? '';
  return {
    model: wireName(form),
    max_tokens: tokens,
    ...(typeof system === 'string' && system !== '' ? { system } : {}),
    messages: [
      ...turnsOf(input).map(({ role, content }) => ({ role, content })),
      { role: 'user', content: pictures.length === 0 ? prompt : [...pictures.map(pictureBlock), { type: 'text', text: prompt }] },
    ],
    ...given(input, PLAIN_FIELDS),
  };
}

function pictureBlock(url: string): JsonObject {
  if (!url.startsWith('data:')) return { type: 'image', source: { type: 'url', url } };
  const match = /^data:(image\/(?:png|jpeg|webp|gif));base64,/.exec(url.slice(0, 100));
  if (!match?.[1]) throw new FieldTrouble('images', 'wrong_media_type', 'The pictures must be PNG, JPEG, WebP or GIF.');
  return { type: 'image', source: { type: 'base64', media_type: match[1], data: url.slice(match[0].length) } };
}

function readMessage(json: Json): AnswerReading {
  const blocks = isJsonObject(json) ? json['content'] : null;
  if (!isJsonObject(json) || json['type'] !== 'message' || !Array.isArray(blocks)) return { ok: false, why: 'the answer is no message' };
  const parts = blocks.flatMap((block, index) =>
    (isJsonObject(block) && block['type'] === 'text' && typeof block['text'] === 'string' && block['text'] !== ''
      ? [{ kind: 'text' as const, pointer: `/content/${index}/text`, text: block['text'] }] : []));
  const usage = json['usage'];
  return {
    ok: true,
    output: {
      raw: json, parts: parts.length > 0 ? parts : [{ kind: 'json', pointer: '', value: json }],
      doubts: [...doubtsOf(json['stop_reason']), ...(parts.length === 0 ? ['The answer is empty.'] : [])],
    },
    usage: isJsonObject(usage ?? null) ? { inputTokens: inputTokens(usage as JsonObject), outputTokens: count((usage as JsonObject)['output_tokens']) } : null,
  };
}

/** Tokens read from the provider's cache are told apart; counted as if they were not, the cost is never too low by them. */
function inputTokens(usage: JsonObject): number | null {
  const plain = count(usage['input_tokens']);
  return plain === null ? null : plain + (count(usage['cache_read_input_tokens']) ?? 0) + (count(usage['cache_creation_input_tokens']) ?? 0);
}

function doubtsOf(reason: Json | undefined): string[] {
  if (reason === 'max_tokens' || reason === 'model_context_window_exceeded') return ['The answer was cut off at its limit of tokens.'];
  return reason === 'refusal' ? ['The model declined to answer.'] : [];
}
