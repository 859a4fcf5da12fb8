import type { Form, JsonObject } from '@countersign/core';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { formFromOpenApi } from '../form/form-from-open-api';

/** A folder beside the repository with real models' schemas and requests; few people have it, and no test needs it to be green. */
const OUTSIDE = resolve(__dirname, '../../../../../shared/fixtures');
const SCHEMAS = resolve(OUTSIDE, 'replicate-schemas');

type StoredModel = Record<string, JsonObject> & { model: string; version_id: string; description: string };

const modelIn = (file: string): StoredModel => JSON.parse(readFileSync(resolve(SCHEMAS, file), 'utf8')) as StoredModel;

export function outsideForm(file: string): Form {
  const model = modelIn(file);
  return formFromOpenApi({
    provider: 'replicate', model: model.model, version: model.version_id, digest: '0', description: model.description,
    schema: model['openapi_schema'], inputSchema: model['input_schema'], outputSchema: model['output_schema'],
  });
}

/** Model → form; empty where there is no such folder, which is said aloud. `what` names the tests that do without. */
export function outsideForms(what: string): Map<string, Form> {
  if (!existsSync(SCHEMAS)) {
    sayNotRun(what);
    return new Map();
  }
  return new Map(readdirSync(SCHEMAS).filter((file) => file !== 'index.json').map((file) => [modelIn(file).model, outsideForm(file)]));
}

/** The requests with their right answers; none where there is no such folder, which is said aloud. */
export function outsideCases<Case>(what: string): Case[] {
  const file = resolve(OUTSIDE, 'cases.json');
  if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }).cases;
  sayNotRun(what);
  return [];
}

/** `npm test` repeats lines that begin so beside its counts. */
function sayNotRun(what: string): void {
  process.stdout.write(`NOT RUN: ${what}: they need a folder of models beside the repository\n`);
}
