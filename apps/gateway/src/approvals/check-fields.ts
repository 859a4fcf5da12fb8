import type { JsonObject } from '@countersign/core';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020';
import { ProblemError } from '../http/answers/problem';

/** Edits of a card's own fields, against the schema that the card was drawn from. Fields that are not edited are not asked for. */
export function checkFields(schema: JsonObject, edits: JsonObject): null {
  const ajv = new Ajv2020({ allErrors: true, strict: false, validateSchema: false, logger: false });
  addFormats(ajv);
  const check = ajv.compile({ ...schema, $schema: undefined, $id: undefined, required: [] });
  if (check(edits)) return null;
  const errors = (check.errors ?? []).map((error) => {
    const field = `edits${error.instancePath.replaceAll('/', '.')}`;
    return { field, code: error.keyword, message: `${field} ${error.message ?? 'does not fit'}` };
  });
  throw new ProblemError('VALIDATION_FAILED', errors.map(({ message }) => message).join('; '), { errors });
}
