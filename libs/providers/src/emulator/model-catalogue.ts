import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '@countersign/core';

/** What a stand-in model makes of its input. */
export type Made = { output: Json } | { error: string };

export interface MakeContext {
  /** Stores bytes on the delivery host. @returns the URL. */
  deliver(name: string, mime: string, bytes: Uint8Array): string;
  /** Bytes behind an input URL, as far as the emulator can read it (data URL, own files API); null otherwise. */
  read(url: string): Uint8Array | null;
}

export interface EmulatedModel {
  owner: string;
  name: string;
  description: string;
  isOfficial: boolean;
  /** `properties` and `required` of the input; `x-order` is given by the order here. */
  input: { properties: Record<string, JsonObject>; required?: string[] };
  output: JsonObject;
  /** Named schemas the input refers to (enums). */
  schemas?: Record<string, JsonObject>;
  startMs: number;
  runMs: number;
  /** Has `urls.stream`, and shows its list output growing. */
  streams?: boolean;
  make(input: JsonObject, context: MakeContext): Made | Promise<Made>;
}

/** The version id: 64 hex, the same on every start. */
export function versionId(model: EmulatedModel): string {
  const { owner, name, input, output } = model;
  return createHash('sha256').update(JSON.stringify({ owner, name, input, output })).digest('hex');
}

/** The OpenAPI document as cog publishes it: enums by `allOf` + `$ref`, `x-order` on every property. */
export function openApiDocument(model: EmulatedModel): JsonObject {
  const properties: JsonObject = {};
  for (const [index, [name, schema]] of Object.entries(model.input.properties).entries()) {
    properties[name] = { ...(schema['allOf'] ? {} : { title: titleOf(name) }), ...schema, 'x-order': index };
  }
  const required: JsonObject = model.input.required ? { required: model.input.required } : {};
  const answers = { '200': { description: 'Successful Response', content: { 'application/json': { schema: ref('PredictionResponse') } } } };
  return {
    openapi: '3.0.2',
    info: { title: 'Cog', version: '0.1.0' },
    paths: {
      '/': { get: { summary: 'Root', operationId: 'root__get', responses: { '200': { description: 'Successful Response' } } } },
      '/predictions': {
        post: {
          summary: 'Predict', operationId: 'predict_predictions_post', responses: answers,
          requestBody: { content: { 'application/json': { schema: ref('PredictionRequest') } } },
        },
      },
    },
    components: {
      schemas: {
        Input: { type: 'object', title: 'Input', ...required, properties },
        Output: { title: 'Output', ...model.output },
        ...model.schemas,
        Status: { enum: ['starting', 'processing', 'succeeded', 'canceled', 'failed'], type: 'string', title: 'Status', description: 'An enumeration.' },
        PredictionRequest: { type: 'object', title: 'PredictionRequest', properties: { id: { type: 'string' }, input: ref('Input'), webhook: { type: 'string', format: 'uri' } } },
        PredictionResponse: { type: 'object', title: 'PredictionResponse', properties: { id: { type: 'string' }, input: ref('Input'), output: ref('Output'), status: ref('Status'), error: { type: 'string' }, logs: { type: 'string', default: '' } } },
      },
    },
  };
}

/** An enum the way cog writes it: a schema of its own, referred to beside default and description. */
export function choice(name: string, description: string, fallback: Json): JsonObject {
  return { allOf: [ref(name)], default: fallback, description };
}

export function choices(name: string, values: Json[]): JsonObject {
  return { enum: values, type: typeof values[0] === 'number' ? 'integer' : 'string', title: name, description: 'An enumeration.' };
}

function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

function titleOf(name: string): string {
  return name.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}
