import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

/*
 * How a field of the wire is described in OpenAPI, one line each: what it means, an example, and whether it may be null or
 * absent. What is accepted is said by class-validator's rules beside it.
 */
export interface FieldOptions {
  example?: unknown;
  nullable?: true;
  optional?: true;
  enum?: readonly (string | number)[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

type Lazy = () => abstract new (...args: never[]) => object;

const EXAMPLE_ID = '019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11';
const EXAMPLE_TIME = '2026-11-22T14:50:00.000Z';

function described(description: string, options: FieldOptions, more: object): PropertyDecorator {
  const { optional, enum: words, ...rest } = options;
  return ApiProperty({ description, required: optional !== true, ...rest, ...(words && { enum: [...words] }), ...more } as ApiPropertyOptions);
}

export const TextField = (description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type: String });

/** UUIDv7. */
export const IdField = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  described(description, { example: EXAMPLE_ID, ...options }, { type: String, format: 'uuid' });

/** ISO 8601, UTC, milliseconds. */
export const TimeField = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  described(description, { example: EXAMPLE_TIME, ...options }, { type: String, format: 'date-time' });

/** SHA-256, hex. */
export const HashField = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  described(description, { example: 'a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a', ...options }, { type: String });

export const WholeField = (description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type: 'integer' });

export const NumberField = (description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type: Number });

export const FlagField = (description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type: Boolean });

/** A JSON object whose keys are not fixed. */
export const JsonField = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  described(description, options, { type: 'object', additionalProperties: true });

/** Any JSON value. */
export const AnyField = (description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type: undefined, oneOf: ANY_JSON });

const ANY_JSON = [{ type: 'object' }, { type: 'array', items: {} }, { type: 'string' }, { type: 'number' }, { type: 'boolean' }];

export const ObjectField = (type: Lazy, description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type });

export const ListField = (type: Lazy, description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type, isArray: true });

export const TextListField = (description: string, options: FieldOptions = {}): PropertyDecorator => described(description, options, { type: String, isArray: true });

export const JsonListField = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  described(description, options, { type: 'array', items: { type: 'object', additionalProperties: true } });

export const AnyListField = (description: string, options: FieldOptions = {}): PropertyDecorator =>
  described(description, options, { type: 'array', items: {} });
