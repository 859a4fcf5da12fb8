import type { ProblemFieldView } from '@countersign/contracts';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { refuseUncleanJson } from './clean-json';
import { ProblemError } from '../answers/problem';

/** Fields named in `detail`; `errors` has all of them. */
const SHOWN = 5;

/**
 * `input` as an instance of its class, which says what is legal. Unknown keys are refused, never dropped; null in an
 * optional field is the same as leaving it out.
 * @throws ProblemError VALIDATION_FAILED that names every field
 */
export function checkedInput<T extends object>(type: new () => T, input: unknown): T {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new ProblemError('VALIDATION_FAILED', 'send a JSON object (Content-Type: application/json)');
  }
  refuseUncleanJson(input);
  const instance = plainToInstance(type, input);
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, validationError: { target: false, value: false } });
  if (errors.length > 0) throw problemOfErrors(errors);
  return withoutNulls(instance);
}

function problemOfErrors(errors: ValidationError[]): ProblemError {
  const fields = errors.flatMap((error) => fieldsOf(error, ''));
  const detail = fields.map(({ message }) => message).slice(0, SHOWN).join('; ');
  return new ProblemError('VALIDATION_FAILED', fields.length > SHOWN ? `${detail}; and ${fields.length - SHOWN} more` : detail, { errors: fields });
}

function fieldsOf(error: ValidationError, parent: string): ProblemFieldView[] {
  const field = parent === '' ? error.property : `${parent}.${error.property}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field, code: codeOf(rule), message: parent === '' ? message : `${parent}.${message}`,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldsOf(child, field))];
}

/** class-validator's rule names in the wire's spelling. */
function codeOf(rule: string): string {
  if (rule === 'whitelistValidation') return 'unknown_field';
  return rule.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Only the fields of our own classes: what stands inside a caller's free JSON is left as it came. */
function withoutNulls<T extends object>(instance: T): T {
  for (const [name, value] of Object.entries(instance)) {
    if (value === null || value === undefined) Reflect.deleteProperty(instance, name);
    else if (typeof value === 'object' && !Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) withoutNulls(value as object);
  }
  return instance;
}
