/*
 * What this is: keeps secret values (API keys and tokens that a model takes as input) out of everything that is shown.
 * Invariant: the payload that is stored, hashed and sent holds the real value; whatever leaves by a door shows HIDDEN.
 * Values are looked for, not places: a token turns up in the request, in a fix, in the provider's own words.
 * To extend: a new view calls hideSecrets() with the values of its run or approval.
 */
import type { Approval } from '../approval/approval';
import { isJsonObject, type Json, type JsonObject } from '../json';
import type { Run } from '../run/run';

/** Shown in place of a secret. Sent back in an edit it means: leave it as it is. */
export const HIDDEN = '••••••';
/** Shorter values are hidden only where they stand alone: inside words they would be found everywhere. */
const MIN_INSIDE = 6;
const MAX_DEPTH = 64; // deeper JSON is nobody's view

/** Names that say so themselves, for a request whose model's form is not known yet. */
const SECRET_NAME = /(?:api_?keys?|passw(?:or)?d|secrets?(?:_?keys?)?|cookies?|(?:^|_)(?:hf|huggingface|api|access|auth|bearer|github|replicate|civitai|openai|anthropic)_?tokens?)$/i;

type Asked = Pick<Approval, 'schema' | 'payload' | 'decision'>;
type Told = Pick<Run, 'originalInput' | 'edits' | 'preparation'>;

/** The secret values that an approval's own records hold. */
export function secretsOfApproval({ schema, payload, decision }: Asked): string[] {
  const names = secretFields(schema);
  return valuesAt(names, [payload?.input, decision?.edits, decision?.preparation?.payload?.input]);
}

/** The secret values that a run's own records hold. */
export function secretsOfRun({ originalInput, edits, preparation }: Told): string[] {
  const { parameters } = originalInput;
  const given = isJsonObject(parameters ?? null) ? (parameters as JsonObject) : {};
  const input = preparation?.payload?.input ?? {};
  const names = [...(preparation?.secretFields ?? []), ...[given, edits, input].flatMap(Object.keys).filter((name) => SECRET_NAME.test(name))];
  return valuesAt(names, [given, edits, input]);
}

/** A copy of `view` without the values; the very same object when there are none. */
export function hideSecrets<T>(view: T, values: readonly string[]): T {
  if (values.length === 0) return view;
  // The longest first: one secret may be the beginning of another.
  const sorted = [...new Set(values)].sort((a, b) => b.length - a.length);
  return hide(view, { exact: new Set(sorted), inside: sorted.filter((value) => value.length >= MIN_INSIDE) }, 0) as T;
}

/** Edits without those that only send back what was hidden. */
export function withoutHidden(edits: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(edits).filter(([, value]) => value !== HIDDEN));
}

function hide(value: unknown, secrets: { exact: ReadonlySet<string>; inside: readonly string[] }, depth: number): unknown {
  if (depth > MAX_DEPTH) return null;
  if (typeof value === 'string') {
    return secrets.exact.has(value) ? HIDDEN : secrets.inside.reduce((text, secret) => text.replaceAll(secret, HIDDEN), value);
  }
  if (Array.isArray(value)) return value.map((each) => hide(each, secrets, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, hide(each, secrets, depth + 1)]));
}

function secretFields(schema: JsonObject): string[] {
  const { properties } = schema;
  if (!isJsonObject(properties ?? null)) return [];
  return Object.entries(properties as JsonObject).filter(([, field]) => isJsonObject(field) && field['writeOnly'] === true).map(([name]) => name);
}

function valuesAt(names: readonly string[], inputs: readonly (JsonObject | null | undefined)[]): string[] {
  return inputs.flatMap((input) => (input ? [...new Set(names)].flatMap((name) => textsIn(Object.hasOwn(input, name) ? input[name] : undefined)) : []));
}

function textsIn(value: Json | undefined): string[] {
  if (typeof value === 'string') return value === '' || value === HIDDEN ? [] : [value];
  return Array.isArray(value) ? value.flatMap(textsIn) : [];
}
