import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Form, JsonObject } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { PUBLIC_AGAIN_ANSWERS } from './public-again.cases';
import { MEDIA_ANSWERS } from './public-media.cases';
import { PICTURE_ANSWERS } from './public-picture.cases';
import { differences } from './right-answer';

/** Schemas of public models, kept beside the repository by those who have them. */
const FOLDER = resolve(__dirname, '../../../../../shared/fixtures/replicate-schemas');
const ANSWERS = [...PICTURE_ANSWERS, ...MEDIA_ANSWERS, ...PUBLIC_AGAIN_ANSWERS];

function formsOf(folder: string): Map<string, Form> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file !== 'index.json') : [];
  return new Map(files.map((file) => {
    const model = JSON.parse(readFileSync(resolve(folder, file), 'utf8')) as Record<string, JsonObject> & { model: string; version_id: string; description: string };
    return [model.model, formFromOpenApi({
      provider: 'replicate', model: model.model, version: model.version_id, digest: '0', description: model.description,
      schema: model['openapi_schema'], inputSchema: model['input_schema'], outputSchema: model['output_schema'],
    })];
  }));
}

const forms = formsOf(FOLDER);
const judged = ANSWERS.filter((one) => forms.has(one.model));

test('each answer has a name of its own for its model', () => {
  expect(new Set(ANSWERS.map((one) => `${one.model} ${one.id}`)).size).toBe(ANSWERS.length);
});

if (judged.length > 0) test.each(judged.map((one) => [one.model, one.id, one] as const))('%s: %s', (model, _id, one) => { expect(differences(forms.get(model) ?? null, one)).toEqual([]); });
