/*
 * What this is: the inside of objects and of lists of objects, checked by ajv against the model's own schema.
 * Invariant: a pattern from a schema only runs when it cannot take exponential time; a part that ajv cannot compile is
 * left to the provider, never guessed.
 */
import Ajv, { type ValidateFunction } from 'ajv';
import type { Form, FormField, Issue, JsonObject } from '@countersign/core';
import { isJsonObject } from '@countersign/core';
import { issueOf } from '../issue';
import { matchesPattern } from './safe-pattern';

const MAX_COMPILED = 200; // fields with nested schemas kept compiled; a form has none or one
const MAX_SHOWN = 5; // problems of one field that are reported
const compiled = new Map<string, ValidateFunction | null>();

/** ajv builds its regular expressions through this, so that no schema can bring a slow one. */
const safeRegExp = Object.assign((pattern: string): RegExp => ({ test: (text: string) => matchesPattern(text, pattern) }) as RegExp, { code: 'safeRegExp' });

function isNested(field: FormField): boolean {
  return field.type === 'object' || (field.type === 'array' && (field.itemType === 'object' || field.itemType === 'array'));
}

function pointerOf(form: Form, field: FormField): string {
  const name = encodeURIComponent(field.name.replaceAll('~', '~0').replaceAll('/', '~1'));
  return isJsonObject(form.rawSchema['components']) ? `form#/components/schemas/Input/properties/${name}` : `form#/properties/${name}`;
}

function checkerOf(form: Form, field: FormField): ValidateFunction | null {
  const key = `${form.provider} ${form.model} ${form.version} ${form.digest} ${field.name}`;
  const hit = compiled.get(key);
  if (hit !== undefined) return hit;
  let made: ValidateFunction | null = null;
  try {
    const ajv = new Ajv({ strict: false, validateSchema: false, validateFormats: false, allErrors: false, logger: false, code: { regExp: safeRegExp } });
    ajv.addSchema(form.rawSchema, 'form');
    made = ajv.compile({ $ref: pointerOf(form, field) });
  } catch {
    made = null; // the schema uses something ajv refuses: the provider judges it
  }
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(key, made);
  return made;
}

/** Problems inside nested values of a finished input. */
export function nestedIssues(form: Form, input: JsonObject): Issue[] {
  return form.fields.filter((field) => isNested(field) && Object.hasOwn(input, field.name) && input[field.name] !== null).flatMap((field) => {
    const check = checkerOf(form, field);
    if (!check || check(input[field.name])) return [];
    return (check.errors ?? []).slice(0, MAX_SHOWN).map((error) => issueOf('wrong_type', field.name, {
      issue: 'wrong inside', message: `“${field.label}” (${field.name}): ${error.instancePath || 'the value'} ${error.message ?? 'is not what the model takes'}.`,
      fix: `Correct ${error.instancePath || field.name}.`, details: { path: error.instancePath, expected_type: field.type },
    }));
  });
}
