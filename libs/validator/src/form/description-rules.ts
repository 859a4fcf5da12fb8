/*
 * What this is: the rules between fields that stand only in descriptions.
 * Invariant: certainty first. A rule needs an outright phrase, a field of this form, and (where values matter) values
 * of that field's own enum; anything softer is left to the person who reads the description on the card.
 * To extend: add a reader to READERS: (field, sentence, all fields) → rules.
 */
import type { CrossFieldRule, FormField, Json } from '@countersign/core';
import { after, opensWith, placeOf, REQUIRED_IF, sentencesOf, source, spokenNames, spokenValue, valuesIn, type Reader } from './description-text';
import { seconds, standsIn, unsupported } from './description-limits';

const EXCLUSIVE = [' cannot be used with ', ' can not be used with ', ' cannot be used together with ', ' can not be used together with ', ' do not use with ', ' do not use if using ', ' do not use when using ', ' do not use together with ',
  ' not compatible with ', ' incompatible with ', ' mutually exclusive with ', ' cannot be combined with ', ' can not be combined with ', ' not be used with ', ' cannot be set with ', ' should not be used with ',
  ' not supported with ', ' may not be used with ', ' not both this and ', ' not be used together with '];
const ONLY = [' only ', ' valid when ', ' valid if ', ' valid for ', ' valid in ', ' must be used with '];
const NEGATED = [' not ', ' ignored if ', ' ignored when ', ' except ', ' unless ', ' overrides ', ' no effect ', ' recommended ', ' without '];
const REQUIRED_WHEN_THIS = [' is required when this ', ' is required if this ', ' is required for this ', ' required when using this ', ' is required to use this ', ' is required when set ', ' is required when provided ', ' is needed when this '];
const REQUIRES = [' requires ', ' require ', ' requires using ', ' must be used with ', ' needs ', ' will need to provide ', ' need to provide ', ' must provide ', ' must also provide ', ' must set ', ' need to set ', ' have to provide ',
  ' must specify ', ' need to specify ', ' must be provided with ', ' please provide ', ' must also use ', ' must use ', ' must also include ', ' also needs ', ' must come with ', ' must be used together with ', ' must be combined with '];

const exclusive: Reader = (field, sentence, others) => {
  const rest = after(sentence, EXCLUSIVE);
  const other = rest === null ? undefined : opensWith(rest, others);
  return other ? [{ kind: 'at_most_one', fields: [field.name, other.name].sort(), source: source(field, sentence) }] : [];
};

/** "mode is pro", "pro mode", "when resolution is set to 768p": the one other field whose name and value both stand there. */
function valueOfOther(sentence: string, others: readonly FormField[]): { other: FormField; values: Json[] } | null {
  const found = others.flatMap((other) => {
    const spoken = other.type === 'boolean' ? switchedOn(other, sentence) : valuesIn(other, sentence).filter((value) => besides(other, value, sentence));
    return spoken.length > 0 ? [{ other, values: spoken }] : [];
  });
  return found.length === 1 ? found[0] ?? null : null;
}

function switchedOn(other: FormField, sentence: string): Json[] {
  return spokenNames(other).some((name) => [' is true ', ' is enabled ', ' is on ', ' is set to true ', ' enabled ', ' true ', ' to true '].some((ending) => sentence.includes(` ${name}${ending}`))) ? [true] : [];
}

/** The value stands next to the field's name, or in the list that follows it. */
function besides(other: FormField, value: Json, sentence: string): boolean {
  const spoken = spokenValue(value);
  return spokenNames(other).some((name) => {
    if (sentence.includes(` ${spoken} ${name} `)) return true;
    const at = sentence.indexOf(` ${name} `);
    if (at < 0) return false;
    const rest = sentence.slice(at + name.length + 1);
    return [' is ', ' is set to ', ' set to ', ' to be ', ' equals ', ' ', ' to ', ' is one of '].some((link) => rest.startsWith(`${link}${spoken} `))
      || ((rest.startsWith(' is ') || rest.startsWith(' set to ')) && (rest.includes(` or ${spoken} `) || rest.includes(` and ${spoken} `)));
  });
}

const onlyWith: Reader = (field, sentence, others) => {
  if (!ONLY.some((phrase) => sentence.includes(phrase)) || NEGATED.some((phrase) => sentence.includes(phrase))) return [];
  const found = valueOfOther(sentence, others);
  if (!found) return [];
  const own = valuesIn(field, sentence).filter((value) => sentence.indexOf(` ${spokenValue(value)} `) < placeOrEnd(found.other, sentence));
  if (own.length > 0) return own.map((value) => ({ kind: 'requires', field: field.name, value, needs: found.other.name, needsValues: found.values, source: source(field, sentence) }));
  return [{ kind: 'only_with', field: field.name, other: found.other.name, otherValues: found.values, source: source(field, sentence) }];
};

function placeOrEnd(field: FormField, sentence: string): number {
  const at = placeOf(field, sentence);
  return at < 0 ? sentence.length : at;
}

const requires: Reader = (field, sentence, others) => {
  if (sentence.includes(' not ') || sentence.includes(' optional')) return [];
  const trigger = field.type === 'boolean' ? { value: true } : {};
  const rest = after(sentence, REQUIRES);
  if (rest !== null || REQUIRED_WHEN_THIS.some((phrase) => sentence.includes(phrase))) {
    const found = valueOfOther(sentence, others);
    if (found) return [{ kind: 'requires', field: field.name, ...trigger, needs: found.other.name, needsValues: found.values, source: source(field, sentence) }];
  }
  if (rest === null) return [];
  const needed = opensWith(rest, others.filter((other) => other.default === undefined && !other.required));
  return needed ? [{ kind: 'requires', field: field.name, ...trigger, needs: needed.name, source: source(field, sentence) }] : [];
};

/** Said on the field that has the option: "if using custom, provide custom_url". */
const providedFor: Reader = (field, sentence, others) => {
  if (!field.enum || sentence.includes(' not ') || ![' if ', ' when ', ' for '].some((word) => sentence.includes(word))) return [];
  const rest = after(sentence, [' provide ', ' specify ', ' supply ', ' give ', ' set ', ' fill in ', ' use ']);
  const needed = rest === null ? undefined : opensWith(rest, others.filter((other) => other.default === undefined && !other.required));
  const named = rest === null ? [] : valuesIn(field, sentence.slice(0, sentence.length - rest.length + 1));
  return needed && named.length === 1 && named[0] !== undefined ? [{ kind: 'requires', field: field.name, value: named[0], needs: needed.name, source: source(field, sentence) }] : [];
};

const THIS_IS_SET = [' if you set this ', ' if this is set ', ' when this is set ', ' if set ', ' when set ', ' if you use this ', ' when using this ', ' if using this ', ' if you provide this ', ' if this is provided ', ' when enabled ', ' if enabled ', ' if true ', ' when true '];
const IS_NEEDED = [' is required ', ' must be provided ', ' is needed ', ' must be set ', ' has to be set ', ' must also be provided ', ' must also be set ', ' is mandatory '];

/** Said on the field that brings another along: "if you set this, the token is required". */
const bringsAlong: Reader = (field, sentence, others) => {
  if (sentence.includes(' not ') || !THIS_IS_SET.some((phrase) => sentence.includes(phrase))) return [];
  const needed = others.filter((other) => other.default === undefined && !other.required && spokenNames(other).some((name) => IS_NEEDED.some((phrase) => sentence.includes(` ${name}${phrase}`))));
  const trigger = field.type === 'boolean' ? { value: true } : {};
  return needed.map((other) => ({ kind: 'requires', field: field.name, ...trigger, needs: other.name, source: source(field, sentence) }));
};

/** Said on the field that is needed: "required if diarize is true", "required when mode is inpaint". */
const requiredIf: Reader = (field, sentence, others) => {
  const rest = after(sentence, REQUIRED_IF);
  if (rest === null || sentence.includes(' not ') || field.required || field.default !== undefined) return [];
  const found = valueOfOther(rest, others);
  if (found) return found.values.map((value) => ({ kind: 'requires', field: found.other.name, value, needs: field.name, source: source(field, sentence) }));
  const trigger = opensWith(rest.replace(/^ (?:using|you use|you set|setting) /, ' '), others);
  return trigger && !trigger.required ? [{ kind: 'requires', field: trigger.name, ...(trigger.type === 'boolean' ? { value: true } : {}), needs: field.name, source: source(field, sentence) }] : [];
};

const eitherOr: Reader = (field, sentence, others) => {
  const must = [' must be ', ' is required', ' are required', ' needs to be ', ' provide either ', ' specify either ', ' required '].some((phrase) => sentence.includes(phrase));
  if (!must || !sentence.includes(' or ')) return [];
  const named = [field, ...others].filter((other) => spokenNames(other).some((name) => sentence.includes(` ${name} or `) || sentence.includes(` or ${name} `)));
  if (named.length < 2 || !named.includes(field) || named.some((other) => other.required)) return [];
  const both = sentence.includes(' not both ');
  return [{ kind: both ? 'exactly_one' : 'at_least_one', fields: named.map((other) => other.name).sort(), source: source(field, sentence) }];
};

const READERS: readonly Reader[] = [exclusive, onlyWith, requires, providedFor, bringsAlong, requiredIf, standsIn, unsupported, seconds, eitherOr];

/** Rules read from all descriptions, each once. */
export function rulesFromDescriptions(fields: readonly FormField[]): CrossFieldRule[] {
  const seen = new Set<string>();
  return fields.flatMap((field) => {
    const others = fields.filter((other) => other !== field);
    return sentencesOf(field.description).flatMap((sentence) => READERS.flatMap((read) => read(field, sentence, others)));
  }).filter((rule) => {
    const { source: _source, ...meaning } = rule;
    const key = JSON.stringify(meaning);
    return seen.has(key) ? false : Boolean(seen.add(key));
  });
}
