import { isJsonObject, type Json } from '@countersign/core';
import { declareForm } from '../declared/declared-form';
import { given } from '../one-call/chat-fields';
import { count, wireName, type AnswerReading, type OneCallModel } from '../one-call/one-call-model';

const MAX_INPUT = 32_000; // characters: 8,192 tokens of English and a little

export function embeddingModel(model: string, { title, description, dimensions }: { title: string; description: string; dimensions: number }): OneCallModel {
  const form = declareForm({
    provider: 'openai', model, title, description,
    fields: [
      { name: 'input', label: 'Text', type: 'string', role: { kind: 'prompt' }, required: true, minLength: 1, maxLength: MAX_INPUT, description: 'The text whose meaning becomes numbers.' },
      { name: 'dimensions', type: 'integer', minimum: 1, maximum: dimensions, default: dimensions, description: 'How many numbers.' },
    ],
    output: { kind: 'object' },
  });
  return {
    form, path: '/embeddings', fieldByParam: {},
    mostTokensOut: () => 0,
    body: (input) => ({ model: wireName(form), ...given(input, ['input', 'dimensions']), encoding_format: 'float' }),
    read: ({ json }) => readEmbedding(json),
  };
}

function readEmbedding(json: Json): AnswerReading {
  const data = isJsonObject(json) ? json['data'] : null;
  if (!isJsonObject(json) || !Array.isArray(data) || data.length === 0) return { ok: false, why: 'the answer holds no numbers' };
  const usage = isJsonObject(json['usage'] ?? null) ? (json['usage'] as { [key: string]: Json }) : {};
  return {
    ok: true, output: { raw: json, parts: [{ kind: 'json', pointer: '', value: json }], doubts: [] },
    usage: { inputTokens: count(usage['prompt_tokens']), outputTokens: 0 },
  };
}
