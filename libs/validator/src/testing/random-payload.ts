import type { Form, FormField, Json, JsonObject, MediaKind } from '@countersign/core';

/** A source of numbers in [0, 1), always the same for the same seed (mulberry32). */
export type Random = () => number;
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

const ENDING: Record<MediaKind, string> = { image: 'png', audio: 'mp3', video: 'mp4', archive: 'zip', document: 'pdf', any: 'png' };
export function urlOf(random: Random, media: MediaKind): string {
  return `https://files.example.org/${Math.floor(random() * 1e9).toString(36)}.${ENDING[media]}`;
}

const WORDS = ['a quiet harbour', 'two red boats', 'under morning fog', 'oil on canvas', 'seen from above', 'with long shadows', 'a tired violinist', 'in the rain'];

function numberFor(field: FormField, random: Random): number {
  const low = field.minimum ?? Math.min(0, field.maximum ?? 0), high = field.maximum ?? Math.max(low + 10, 10);
  const value = low + random() * (high - low);
  const whole = Math.min(Math.floor(high), Math.max(Math.ceil(low), Math.round(value)));
  return field.type === 'integer' ? whole : Number(Math.min(high, Math.max(low, value)).toFixed(3));
}

function scalarFor(field: FormField, random: Random): Json {
  if (field.enum) return pick(random, field.enum);
  if (field.type === 'integer' || field.type === 'number') return numberFor(field, random);
  if (field.type === 'boolean') return random() < 0.5;
  if (field.role.kind === 'file') return urlOf(random, field.role.media);
  return `${pick(random, WORDS)} ${pick(random, WORDS)}`;
}

/** A right value for the field. */
function valueFor(field: FormField, random: Random): Json {
  if (field.type === 'object') return { a: 1 };
  if (field.type !== 'array') return scalarFor(field, random);
  const item: FormField = { ...field, type: field.itemType ?? 'string', enum: field.itemEnum };
  const count = Math.max(field.minItems ?? 1, Math.min(field.maxItems ?? 3, 1 + Math.floor(random() * 3)));
  return Array.from({ length: count }, () => scalarFor(item, random));
}

/** A payload the model takes as it is: what it needs, and some of the rest. Fields that rules bind together stay out. */
export function wellFormedPayload(form: Form, random: Random): JsonObject {
  const bound = new Set(form.rules.flatMap((rule) => ('fields' in rule ? rule.fields.slice(1) : rule.kind === 'requires' ? [rule.field, rule.needs] : [rule.field, rule.other])));
  const first = new Set(form.rules.flatMap((rule) => ('fields' in rule && rule.kind !== 'at_most_one' ? rule.fields.slice(0, 1) : [])));
  const chosen = form.fields.filter((field) => field.effectivelyRequired || first.has(field.name) || (!bound.has(field.name) && random() < 0.4));
  return Object.fromEntries(chosen.map((field) => [field.name, valueFor(field, random)]));
}
