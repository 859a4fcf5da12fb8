import 'reflect-metadata';
import { applyDecorators, type FieldRule } from './field-rule';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min, ValidateBy } from 'class-validator';

/** Only http(s) addresses; `localhost` and bare host names are fine, containers have such. */
const HTTP_URL = { protocols: ['http', 'https'], require_protocol: true, require_tld: false };
/** Query and user info are allowed, so this looks at the scheme and at the presence of a host only. */
const POSTGRES_URL = /^postgres(?:ql)?:\/\/\S+/;
const REDIS_URL = /^rediss?(\+cluster)?:\/\/\S+/;
const MAX_PORT = 65_535;

const secretFields = new Map<object, Set<string>>();

/** Marks a field whose value must never be written anywhere; loadEnv tells the logger to blank it out. */
export function Secret(): PropertyDecorator {
  return (target, name) => {
    const names = secretFields.get(target.constructor) ?? new Set<string>();
    secretFields.set(target.constructor, names.add(String(name)));
  };
}

export function secretFieldsOf(env: object): ReadonlySet<string> {
  return secretFields.get(env) ?? new Set<string>();
}

/** The variable may be absent (or empty, which means the same). */
export const Optional = (): FieldRule => IsOptional();

export const Text = (): FieldRule => IsString({ message: 'must be text' });

/** A whole number from `min` to `max`, both included. */
export function WholeNumber(min: number, max: number): FieldRule {
  const message = `must be a whole number from ${min} to ${max}`;
  return applyDecorators(Type(() => Number), IsInt({ message }), Min(min, { message }), Max(max, { message }));
}

/** A TCP port; 0 asks the system for a free one. */
export const Port = (): FieldRule => WholeNumber(0, MAX_PORT);

/** true/false, 1/0, yes/no, on/off. */
export function Flag(): FieldRule {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => readFlag(value)),
    IsBoolean({ message: 'must be true or false' }),
  );
}

export const OneOf = (words: readonly string[]): FieldRule => IsIn(words, { message: `must be one of ${words.join(', ')}` });

export const HttpUrl = (): FieldRule => IsUrl(HTTP_URL, { message: 'must be an http or https address' });

export const SocketUrl = (): FieldRule =>
  IsUrl({ ...HTTP_URL, protocols: ['ws', 'wss', 'http', 'https'] }, { message: 'must be a ws, wss, http or https address' });

export const PostgresUrl = (): FieldRule => Matches(POSTGRES_URL, { message: 'must be a postgres:// address' });

export const RedisUrl = (): FieldRule => Matches(REDIS_URL, { message: 'must be a redis://, rediss:// or redis+cluster:// address' });

/** Comma-separated text, read into a list without blanks. */
export function TextList(): FieldRule {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? splitList(value) : value)),
    IsString({ each: true, message: 'must be a comma-separated list' }),
  );
}

/** A rule over the whole group, for a field that is legal only beside certain others. */
export function Holds<T extends object>(rule: (env: T) => boolean, message: string): FieldRule {
  return ValidateBy(
    { name: 'holds', validator: { validate: (_value, args) => rule(args?.object as T), defaultMessage: () => message } },
    { message },
  );
}

function splitList(text: string): string[] {
  return text.split(',').map((item) => item.trim()).filter((item) => item !== '');
}

function readFlag(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const word = value.toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  return ['false', '0', 'no', 'off'].includes(word) ? false : value;
}
