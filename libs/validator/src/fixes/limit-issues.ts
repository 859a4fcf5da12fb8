import type { FormField, Issue, Json } from '@countersign/core';
import { issueOf, shown } from '../issue';
import { matchesPattern } from './safe-pattern';

/** "between 1 and 4", "at least 0": the field's limits in words, empty when it has none. */
function rangeInWords(field: FormField): string {
  const low = field.minimum ?? field.exclusiveMinimum, high = field.maximum ?? field.exclusiveMaximum;
  const lowWord = field.minimum === undefined && field.exclusiveMinimum !== undefined ? 'above' : 'at least';
  const highWord = field.maximum === undefined && field.exclusiveMaximum !== undefined ? 'below' : 'at most';
  if (low !== undefined && high !== undefined && lowWord === 'at least' && highWord === 'at most') return `between ${low} and ${high}`;
  return [low !== undefined ? `${lowWord} ${low}` : '', high !== undefined ? `${highWord} ${high}` : ''].filter((part) => part !== '').join(' and ');
}

/** Limits of a number. The nearest allowed value is offered, never taken. */
export function rangeIssue(field: FormField, value: number): Issue | null {
  const low = field.minimum ?? field.exclusiveMinimum, high = field.maximum ?? field.exclusiveMaximum;
  const under = (field.minimum !== undefined && value < field.minimum) || (field.exclusiveMinimum !== undefined && value <= field.exclusiveMinimum);
  const over = (field.maximum !== undefined && value > field.maximum) || (field.exclusiveMaximum !== undefined && value >= field.exclusiveMaximum);
  const details = { given: value, ...(low !== undefined ? { min: low } : {}), ...(high !== undefined ? { max: high } : {}) };
  if (under || over) {
    const nearest = under ? field.minimum : field.maximum;
    return issueOf('out_of_range', field.name, {
      issue: 'out of range', message: `“${field.label}” (${field.name}) is ${value}; it must be ${rangeInWords(field)}.`,
      fix: nearest === undefined ? `Give a value ${rangeInWords(field)}.` : `Give a value ${rangeInWords(field)}, for example ${nearest}.`,
      details: { ...details, ...(nearest !== undefined ? { clamped: nearest } : {}) },
    });
  }
  const step = field.multipleOf;
  if (step === undefined || step <= 0 || Math.abs(value / step - Math.round(value / step)) < 1e-9) return null;
  return issueOf('out_of_range', field.name, {
    issue: 'not a multiple', message: `“${field.label}” (${field.name}) is ${value}; it must be a multiple of ${step}.`,
    fix: `Give a multiple of ${step}.`, details: { ...details, multiple_of: step },
  });
}

/** Length and pattern of a text. */
export function textIssue(field: FormField, value: string): Issue | null {
  const length = [...value.slice(0, (field.maxLength ?? 0) * 2 + 2)].length; // JSON Schema counts code points
  if (field.maxLength !== undefined && length > field.maxLength) {
    return issueOf('out_of_range', field.name, {
      issue: 'too long', message: `“${field.label}” (${field.name}) is longer than the ${field.maxLength} characters the model takes.`,
      fix: `Shorten it to ${field.maxLength} characters.`, details: { given_length: value.length, max_length: field.maxLength },
    });
  }
  if (field.minLength !== undefined && value.length < field.minLength) {
    return issueOf('out_of_range', field.name, {
      issue: 'too short', message: `“${field.label}” (${field.name}) needs at least ${field.minLength} characters.`,
      fix: `Give at least ${field.minLength} characters.`, details: { given_length: value.length, min_length: field.minLength },
    });
  }
  if (field.pattern === undefined || matchesPattern(value, field.pattern)) return null;
  return issueOf('wrong_type', field.name, {
    issue: 'wrong form', message: `“${field.label}” (${field.name}) does not have the form the model asks for.`,
    fix: `Give a value of the form ${field.pattern}.`, details: { given: shown(field.secret ? 'hidden' : value), pattern: field.pattern },
  });
}

export function typeIssue(field: FormField, value: Json, why?: string): Issue {
  const wanted = field.type === 'array' ? `a list${field.itemType ? ` of ${field.itemType}` : ''}` : field.type === 'integer' ? 'a whole number' : field.type === 'boolean' ? 'true or false' : `a ${field.type}`;
  return issueOf('wrong_type', field.name, {
    issue: 'wrong type', message: `“${field.label}” (${field.name}) must be ${wanted}${why ? `; the value ${why}` : ''}.`,
    fix: `Give ${wanted}${field.default !== undefined && !field.defaultIsSample && field.type !== 'array' && field.type !== 'object' ? `, for example ${JSON.stringify(shown(field.default))}` : ''}.`,
    details: { given: field.secret ? 'hidden' : shown(value), expected_type: field.type },
  });
}

const MAX_ALLOWED = 200; // options listed in an issue; the form on the card has them all

export function enumIssue(field: FormField, value: Json, options: readonly Json[], several?: readonly Json[]): Issue {
  const first = options.slice(0, 12).map(String).join(', ');
  return issueOf('not_in_enum', field.name, {
    issue: several ? 'could mean several options' : 'not one of the options',
    message: `“${field.label}” (${field.name}) is ${JSON.stringify(shown(value))}; it must be one of: ${first}${options.length > 12 ? ', …' : ''}.`,
    fix: several ? `Choose one of: ${several.slice(0, 12).map(String).join(', ')}.` : `Choose one of the ${options.length} options.`,
    details: { given: shown(value), allowed: options.slice(0, MAX_ALLOWED), ...(options.length > MAX_ALLOWED ? { allowed_total: options.length } : {}), ...(several ? { candidates: several.slice(0, MAX_ALLOWED) } : {}) },
  });
}
