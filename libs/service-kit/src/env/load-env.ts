import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { hideValue } from '../log/scrub';
import { secretFieldsOf } from './env-fields';
import { partsOf, type EnvClass } from './env-of';

/*
 * The only place that reads process.env. Everything else gets its settings as plain values, so a service's whole outside
 * is visible in its env class.
 */

export type EnvSource = Readonly<Record<string, string | undefined>>;

/** The environment is not usable. The message lists every bad name and holds no value. */
export class EnvError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'EnvError';
  }
}

/**
 * Reads and checks the variables that `env` and its groups declare; others are ignored, an empty value counts as absent.
 * @throws EnvError with all problems at once
 */
export function loadEnv<T extends object>(env: EnvClass<T>, source: EnvSource = process.env): T {
  const parts = partsOf(env).map((part) => readPart(part, source));
  const problems = parts.flatMap(({ errors }) => errors.map((error) => describe(error, source)));
  if (problems.length > 0) throw new EnvError([...new Set(problems)].sort());
  for (const { part, values } of parts) hideSecrets(part, values);
  return Object.assign(new env(), ...parts.map(({ values }) => values)) as T;
}

interface ReadPart {
  part: EnvClass;
  values: object;
  errors: ValidationError[];
}

function readPart(part: EnvClass, source: EnvSource): ReadPart {
  const given = Object.fromEntries(
    fieldsOf(part).map((name) => [name, source[name]?.trim()]).filter(([, value]) => value !== undefined && value !== ''),
  ) as Record<string, string>;
  const values = plainToInstance(part, given);
  return { part, values, errors: validateSync(values, { forbidUnknownValues: false }) };
}

function fieldsOf(part: EnvClass): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(part, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

function describe(error: ValidationError, source: EnvSource): string {
  const given = source[error.property]?.trim();
  const [rule] = [...new Set(Object.values(error.constraints ?? {}))];
  return given === undefined || given === '' ? `${error.property} is missing: it ${rule}` : `${error.property} ${rule}`;
}

function hideSecrets(part: EnvClass, values: object): void {
  for (const name of secretFieldsOf(part)) {
    const value: unknown = Reflect.get(values, name);
    if (typeof value === 'string') hideValue(value);
  }
}
