import type { Issue, JsonObject, ValidationRequest } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { shaped } from '../right-answers/other-picture-models';
import { requestOf } from '../testing/request-of';
import { validate } from '../validate';

const SPEECH = formFromOpenApi(shaped('acme/speaker', 'Text to speech', { text: { type: 'string' } }, ['text']));
const issues = (request: Partial<ValidationRequest>): Issue[] => validate(SPEECH, requestOf(request)).summary.checkpoints.flatMap((checkpoint) => checkpoint.issues);
const told = (prompt: string, parameters: JsonObject, edits: JsonObject = {}): string[] => issues({ prompt, parameters, edits }).map(({ field, code, severity }) => `${severity} ${field} ${code}`);

test('words that another parameter pushes aside are told', () => {
  expect(told('Good morning, Oslo.', { text: 'Good night, Bergen.' })).toEqual(['warning prompt unknown_field']);
});

test('the same words twice, an order to do the job, and an edit by a person are nothing to talk about', () => {
  expect(told('Good morning, Oslo.', { text: 'Good morning, Oslo.' })).toEqual([]);
  expect(told('please read this aloud', { text: 'Good night, Bergen.' })).toEqual([]);
  expect(told('Good morning, Oslo.', {}, { text: 'Good night, Bergen.' })).toEqual([]);
});
