import type { CrossFieldRule, FormField, Json } from '@countersign/core';
import { wordsOf } from './name-words';
import { after, opensWith, REQUIRED_IF, source, spokenValue, valuesIn, type Reader } from './description-text';

const ABSENT = [' not provided ', ' not given ', ' not set ', ' not specified ', ' not supplied ', ' not used ', ' is empty ', ' is blank ', ' is missing ', ' is omitted '];

/** Said on a field that stands in for another: "required if input video not provided", "required unless url is given". */
export const standsIn: Reader = (field, sentence, others) => {
  const unless = after(sentence, [' required unless ', ' needed unless ', ' mandatory unless ']);
  const rest = unless ?? after(sentence, REQUIRED_IF);
  if (rest === null || field.required) return [];
  const other = opensWith(rest.replace(/^ (?:no |neither )/, ' '), others);
  if (!other || other.required || !(unless !== null || rest.startsWith(' no ') || ABSENT.some((phrase) => rest.includes(phrase)))) return [];
  return [{ kind: 'at_least_one', fields: [field.name, other.name].sort(), source: source(field, sentence) }];
};

const LENGTH_WORDS = ['duration', 'seconds', 'length'];

function isLength(field: FormField): boolean {
  return field.enum !== undefined && field.type !== 'boolean' && wordsOf(field.name).some((word) => LENGTH_WORDS.includes(word));
}

/** Lengths that a text names: "8 seconds", "5s", "8-second". */
function lengthsIn(field: FormField, text: string): Json[] {
  return (field.enum ?? []).filter((value) => [`${spokenValue(value)} second`, `${spokenValue(value)}s `, `${spokenValue(value)}-second`, `${spokenValue(value)} sec `].some((spoken) => text.includes(` ${spoken}`)));
}

/** Options of a field in a text; a bare number is one of a length only where a unit says so, or the field is named. */
function namedIn(field: FormField, text: string): Json[] {
  return isLength(field) ? lengthsIn(field, text) : valuesIn(field, text).filter((value) => Number.isNaN(Number(value)));
}

function against(a: { field: FormField; values: readonly Json[] }, b: { field: FormField; values: readonly Json[] }, why: string): CrossFieldRule[] {
  const left = (b.field.enum ?? []).filter((value) => !b.values.includes(value));
  return left.length === 0 ? [] : a.values.map((value) => ({ kind: 'requires', field: a.field.name, value, needs: b.field.name, needsValues: left, source: why }));
}

const UNSUPPORTED = [' does not support ', ' do not support ', ' is not supported with ', ' is not supported for ', ' is not supported at ', ' is not supported in ', ' is not available with ', ' is not available for ', ' is not available at ', ' is not available in ',
  ' not supported with ', ' not supported for ', ' not supported at ', ' not supported in ', ' not available with ', ' not available for ', ' not available at ', ' not available in ', ' cannot be used with ', ' can not be used with '];

/** "1080p does not support 8 second duration": two options that exclude each other, one of this field and one of another. */
export const unsupported: Reader = (field, sentence, others) => {
  const phrase = UNSUPPORTED.find((one) => sentence.includes(one));
  if (phrase === undefined || !field.enum) return [];
  const at = sentence.indexOf(phrase);
  const parts = [` ${sentence.slice(0, at).trim()} `, ` ${sentence.slice(at + phrase.length).trim()} `] as const;
  for (const [mine, its] of [parts, [parts[1], parts[0]] as const]) {
    const own = namedIn(field, mine);
    const found = others.flatMap((other) => { const values = namedIn(other, its); return values.length > 0 && values.length < (other.enum?.length ?? 0) ? [{ field: other, values }] : []; });
    const [other] = found;
    if (own.length > 0 && found.length === 1 && other) return against(other, { field, values: own }, source(field, sentence));
  }
  return [];
};

/** "Smooth videos can only be 5 seconds long": an option of this field that goes with some lengths only. */
export const seconds: Reader = (field, sentence, others) => {
  if (!field.enum || isLength(field) || !sentence.includes(' only ') || sentence.includes(' not ')) return [];
  const own = namedIn(field, sentence).filter((value) => typeof value === 'string');
  const lengths = others.filter(isLength).map((other) => ({ other, values: lengthsIn(other, sentence) })).filter(({ values }) => values.length > 0);
  const [only] = lengths;
  if (own.length !== 1 || lengths.length !== 1 || !only) return [];
  return own.map((value) => ({ kind: 'requires', field: field.name, value, needs: only.other.name, needsValues: only.values, source: source(field, sentence) }));
};
