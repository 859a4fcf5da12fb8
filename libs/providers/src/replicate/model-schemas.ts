import { createHash } from 'node:crypto';
import { canonicalJson, isJsonObject, type FormAnswer, type Json, type JsonObject } from '@countersign/core';
import type { ModelName } from './model-name';
import type { ApiAnswer, ApiProblem, ReplicateApi } from './replicate-api';
import { HIDDEN_VERSION, PROVIDER_NAME, type RawModelSchema } from './replicate-settings';

export type SchemaAnswer = { ok: true; raw: RawModelSchema } | Extract<FormAnswer, { ok: false }>;

const CACHE_TTL_MS = 300_000; // five minutes: a new version of a model may wait that long, a page load may not
const CACHE_ENTRIES = 200; // about 100 kB each at the most

interface Entry {
  answer: Promise<SchemaAnswer>;
  until: number;
}

/** Looks up models, and remembers what it found for a short while. Failures are not remembered. */
export class ModelSchemas {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly api: ReplicateApi, private readonly nowMs: () => number) {}

  async find(model: ModelName): Promise<SchemaAnswer> {
    const key = `${model.owner}/${model.name}:${model.version ?? ''}`;
    const known = this.entries.get(key);
    if (known && known.until > this.nowMs()) return known.answer;
    const entry = { answer: this.lookUp(model), until: this.nowMs() + CACHE_TTL_MS };
    this.entries.delete(key);
    this.entries.set(key, entry);
    const oldest = this.entries.keys().next().value;
    if (this.entries.size > CACHE_ENTRIES && oldest !== undefined) this.entries.delete(oldest);
    const answer = await entry.answer;
    if (!answer.ok && this.entries.get(key) === entry) this.entries.delete(key);
    return answer;
  }

  private async lookUp(model: ModelName): Promise<SchemaAnswer> {
    const { owner, name } = model;
    const answer = await this.api.model(owner, name);
    if (!answer.ok) return notFound(answer.problem, `${owner}/${name}`);
    const latest = answer.value['latest_version'];
    const official = answer.value['is_official'] === true;
    if (model.version === null) return readSchema(answer.value, latest, official ? HIDDEN_VERSION : idOf(latest));
    if (idOf(latest) === model.version) return readSchema(answer.value, latest, model.version);
    const version: ApiAnswer = await this.api.version(owner, name, model.version);
    if (!version.ok) return notFound(version.problem, `${owner}/${name}:${model.version}`);
    return readSchema(answer.value, version.value, model.version);
  }
}

function notFound({ status, detail }: ApiProblem, what: string): SchemaAnswer {
  if (status === 404) return { ok: false, reason: 'model_unknown', detail: `Replicate has no model ${what}` };
  if (status === 401 || status === 403) return { ok: false, reason: 'unauthorized', detail };
  return { ok: false, reason: 'unavailable', detail };
}

function idOf(version: Json | undefined): string | null {
  const id = isJsonObject(version) ? version['id'] : null;
  return typeof id === 'string' && id !== '' ? id : null;
}

function readSchema(model: JsonObject, version: Json | undefined, versionId: string | null): SchemaAnswer {
  const name = `${String(model['owner'])}/${String(model['name'])}`;
  const none: SchemaAnswer = { ok: false, reason: 'no_schema', detail: `${name} publishes no input schema` };
  const schema = isJsonObject(version) ? version['openapi_schema'] : null;
  const schemas = member(member(schema, 'components'), 'schemas');
  const inputSchema = member(schemas, 'Input');
  if (versionId === null || !isJsonObject(schema) || !schemas || !inputSchema) return none;
  const digest = digestOf(schemas);
  if (digest === null) return none;
  return {
    ok: true,
    raw: {
      provider: PROVIDER_NAME,
      model: name,
      version: versionId,
      digest,
      title: String(model['name']),
      description: typeof model['description'] === 'string' ? model['description'] : '',
      inputSchema,
      outputSchema: member(schemas, 'Output'),
      schema,
    },
  };
}

/** null for what has no canonical form (half a surrogate pair in a description). */
function digestOf(schemas: JsonObject): string | null {
  try {
    return createHash('sha256').update(canonicalJson(schemas)).digest('hex');
  } catch {
    return null;
  }
}

function member(value: Json | undefined, key: string): JsonObject | null {
  const found = isJsonObject(value) ? value[key] : null;
  return isJsonObject(found) ? found : null;
}
