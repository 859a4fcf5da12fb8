import { isJsonObject, type Form, type Json, type JsonObject } from '@countersign/core';
import { IMAGES, MESSAGES, PROMPT, SYSTEM_PROMPT, given, maxTokens, textsOf, turnsOf } from '../one-call/chat-fields';
import { declareForm, type DeclaredField } from '../declared/declared-form';
import { count, wireName, type AnswerReading, type OneCallModel } from '../one-call/one-call-model';

/** What differs between the families of chat models. */
export interface ChatFamily {
  title: string;
  description: string;
  /** Most tokens of one answer; null = not known. */
  maxOutput: number | null;
  vision: boolean;
  /** Models that think take no sampling fields; these are the words for how hard they think. */
  efforts?: readonly string[];
  /** Takes `verbosity`. */
  verbosity?: boolean;
  /** Of a server that only speaks the same wire format: `max_tokens` and `system` as of old. */
  isCompatible?: boolean;
}

const PLAIN_FIELDS = ['temperature', 'top_p', 'frequency_penalty', 'presence_penalty', 'stop', 'reasoning_effort', 'verbosity'];
const MAX_STOPS = 4; // of the API

const SAMPLING: readonly DeclaredField[] = [
  { name: 'temperature', type: 'number', minimum: 0, maximum: 2, default: 1, description: 'Higher is more varied, lower more settled. Change this or top_p, not both.' },
  { name: 'top_p', type: 'number', minimum: 0, maximum: 1, default: 1, description: 'Only the likeliest words that together have this probability are considered.' },
  { name: 'frequency_penalty', type: 'number', minimum: -2, maximum: 2, default: 0, description: 'Above zero: words already used often become less likely.' },
  { name: 'presence_penalty', type: 'number', minimum: -2, maximum: 2, default: 0, description: 'Above zero: words already used at all become less likely.' },
  { name: 'stop', type: 'array', itemType: 'string', maxItems: MAX_STOPS, description: 'The answer ends before any of these.' },
];

export function chatModel(model: string, family: ChatFamily): OneCallModel {
  const form = chatForm(model, family);
  return {
    form,
    path: '/chat/completions',
    fieldByParam: { messages: 'prompt', max_completion_tokens: 'max_tokens', response_format: 'answer_format' },
    mostTokensOut: (input) => count(input['max_tokens']) ?? family.maxOutput,
    body: (input) => bodyOf(form, family, input),
    read: ({ json }) => readChat(json),
  };
}

function chatForm(model: string, { title, description, maxOutput, vision, efforts, verbosity }: ChatFamily): Form {
  return declareForm({
    provider: 'openai', model, title, description,
    fields: [
      PROMPT, SYSTEM_PROMPT, MESSAGES, ...(vision ? [IMAGES] : []), maxTokens(maxOutput),
      ...(efforts ? [] : SAMPLING),
      ...(efforts ? [{ name: 'reasoning_effort', type: 'string' as const, enum: [...efforts], description: 'How long the model thinks before it answers. Thinking is billed as output.' }] : []),
      ...(verbosity ? [{ name: 'verbosity', type: 'string' as const, enum: ['low', 'medium', 'high'], default: 'medium', description: 'How wordy the answer is.' }] : []),
      { name: 'answer_format', type: 'string', enum: ['text', 'json_object'], default: 'text', description: '`json_object`: the answer is one JSON object; say so in the prompt too.' },
    ],
    output: { kind: 'text' },
  });
}

function bodyOf(form: Form, { efforts, isCompatible }: ChatFamily, input: JsonObject): JsonObject {
  const system = input['system_prompt'];
  const pictures = textsOf(input['images']);
  const prompt = input['prompt'] ?? '';
  const content: Json = pictures.length === 0 ? prompt
    : [{ type: 'text', text: prompt }, ...pictures.map((url) => ({ type: 'image_url', image_url: { url } }))];
  const format = input['answer_format'];
  return {
    model: wireName(form),
    messages: [
      ...(typeof system === 'string' && system !== '' ? [{ role: efforts ? 'developer' : 'system', content: system }] : []),
      ...turnsOf(input).map(({ role, content: text }) => ({ role, content: text })),
      { role: 'user', content },
    ],
    ...given(input, PLAIN_FIELDS),
    ...(typeof input['max_tokens'] === 'number' ? { [isCompatible ? 'max_tokens' : 'max_completion_tokens']: input['max_tokens'] } : {}),
    ...(format === 'json_object' ? { response_format: { type: format } } : {}),
  };
}

function readChat(json: Json): AnswerReading {
  const choices = isJsonObject(json) ? json['choices'] : null;
  const first = Array.isArray(choices) ? choices[0] : null;
  const message = isJsonObject(first ?? null) ? (first as JsonObject)['message'] : null;
  if (!isJsonObject(json) || !isJsonObject(first ?? null) || !isJsonObject(message ?? null)) return { ok: false, why: 'the answer holds no message' };
  const { content, refusal } = message as JsonObject;
  const declined = typeof refusal === 'string' && refusal !== '';
  const text = typeof content === 'string' && content !== '' ? { text: content, at: 'content' } : declined ? { text: refusal, at: 'refusal' } : null;
  const doubts = [...(declined ? ['The model declined to answer.'] : []), ...doubtsOf((first as JsonObject)['finish_reason']), ...(text ? [] : ['The answer is empty.'])];
  return {
    ok: true,
    output: {
      raw: json, doubts,
      parts: [text ? { kind: 'text', pointer: `/choices/0/message/${text.at}`, text: text.text } : { kind: 'json', pointer: '', value: json }],
    },
    usage: usageOf(json, 'prompt_tokens', 'completion_tokens'),
  };
}

function doubtsOf(reason: Json | undefined): string[] {
  if (reason === 'length') return ['The answer was cut off at its limit of tokens.'];
  return reason === 'content_filter' ? ["The provider's content check left part of the answer out."] : [];
}

export function usageOf(json: JsonObject, tokensIn: string, tokensOut: string) {
  const usage = json['usage'];
  return isJsonObject(usage ?? null) ? { inputTokens: count((usage as JsonObject)[tokensIn]), outputTokens: count((usage as JsonObject)[tokensOut]) } : null;
}
