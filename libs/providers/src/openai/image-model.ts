import { isJsonObject, type Json, type JsonObject, type OutputPart } from '@countersign/core';
import { declareForm } from '../declared/declared-form';
import { given } from '../one-call/chat-fields';
import { wireName, type AnswerReading, type OneCallModel } from '../one-call/one-call-model';
import { usageOf } from './chat-model';

export interface ImageFamily {
  title: string;
  description: string;
  qualities: readonly string[];
}

const MAX_PROMPT = 32_000; // characters, of the API
const MAX_IMAGES = 10; // of the API
const FIELDS = ['prompt', 'n', 'size', 'quality', 'background', 'output_format', 'output_compression', 'moderation'];

export function imageModel(model: string, { title, description, qualities }: ImageFamily): OneCallModel {
  const form = declareForm({
    provider: 'openai', model, title, description,
    fields: [
      { name: 'prompt', type: 'string', role: { kind: 'prompt' }, required: true, minLength: 1, maxLength: MAX_PROMPT, description: 'What the picture shows.' },
      { name: 'n', label: 'Number of pictures', type: 'integer', minimum: 1, maximum: MAX_IMAGES, default: 1, description: 'How many pictures are made; each is billed.' },
      { name: 'size', type: 'string', enum: ['auto', '1024x1024', '1536x1024', '1024x1536'], default: 'auto', description: 'Width and height in pixels.' },
      { name: 'quality', type: 'string', enum: [...qualities], default: 'auto', description: 'Better costs more and takes longer.' },
      { name: 'background', type: 'string', enum: ['auto', 'transparent', 'opaque'], default: 'auto', description: 'A transparent background needs PNG or WebP.' },
      { name: 'output_format', type: 'string', enum: ['png', 'jpeg', 'webp'], default: 'png', description: 'The kind of file.' },
      { name: 'output_compression', type: 'integer', minimum: 0, maximum: 100, default: 100, description: 'Quality of a JPEG or WebP file, in percent.' },
      { name: 'moderation', type: 'string', enum: ['auto', 'low'], default: 'auto', description: 'How strict the content check of the provider is.' },
    ],
    rules: [
      { kind: 'only_with', field: 'output_compression', other: 'output_format', otherValues: ['jpeg', 'webp'], source: 'OpenAI image reference' },
      { kind: 'requires', field: 'background', value: 'transparent', needs: 'output_format', needsValues: ['png', 'webp'], source: 'OpenAI image reference' },
    ],
    output: { kind: 'uri_list', media: 'image' },
  });
  return {
    form, path: '/images/generations', fieldByParam: {},
    mostTokensOut: () => null,
    body: (input) => ({ model: wireName(form), ...given(input, FIELDS) }),
    read: ({ json }) => readImages(json),
  };
}

function readImages(json: Json): AnswerReading {
  const data = isJsonObject(json) ? json['data'] : null;
  if (!isJsonObject(json) || !Array.isArray(data)) return { ok: false, why: 'the answer holds no pictures' };
  const format = typeof json['output_format'] === 'string' ? json['output_format'] : null;
  const parts: OutputPart[] = [];
  const doubts: string[] = [];
  const kept = data.map((entry, index): Json => {
    const encoded = isJsonObject(entry) ? entry['b64_json'] : null;
    if (!isJsonObject(entry) || typeof encoded !== 'string' || encoded === '') {
      doubts.push(`Picture ${index + 1} did not come with the answer.`);
      return entry;
    }
    parts.push({
      kind: 'file', pointer: `/data/${index}/b64_json`, source: { bytes: new Uint8Array(Buffer.from(encoded, 'base64')) },
      mime: format === null ? null : `image/${format}`, name: format === null ? null : `picture-${index + 1}.${format}`,
    });
    return { ...entry, b64_json: null };
  });
  if (data.length === 0) doubts.push('The answer holds no pictures.');
  const raw: JsonObject = { ...json, data: kept };
  if (parts.length === 0) parts.push({ kind: 'json', pointer: '', value: raw });
  return { ok: true, output: { raw, parts, doubts }, usage: usageOf(json, 'input_tokens', 'output_tokens') };
}
