import type { ProblemFieldView } from '@countersign/contracts';
import { Injectable, ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { refuseUncleanJson } from './clean-json';
import { ProblemError } from './problem';

/** Bodies, queries and path parts as their classes say: unknown keys are refused, never dropped. */
@Injectable()
export class CheckedInputPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => problemOfErrors(errors),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'custom') return value;
    if (metadata.type !== 'body') refuseUncleanJson(value);
    if (metadata.type === 'body' && metadata.metatype && metadata.metatype !== Object && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw new ProblemError('VALIDATION_FAILED', 'send a JSON object (Content-Type: application/json)');
    }
    return super.transform(value, metadata);
  }
}

/** A body checked by hand, with the same answer as the pipe gives: for sockets and the relay. */
export function problemOfErrors(errors: ValidationError[]): ProblemError {
  const fields = errors.flatMap((error) => fieldsOf(error, ''));
  const detail = fields.map(({ message }) => message).slice(0, SHOWN).join('; ');
  return new ProblemError('VALIDATION_FAILED', fields.length > SHOWN ? `${detail}; and ${fields.length - SHOWN} more` : detail, { errors: fields });
}

/** Fields named in `detail`; `errors` has all of them. */
const SHOWN = 5;

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
