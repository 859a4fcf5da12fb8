import type { Form, FormField } from '@countersign/core';
import { GENERIC_FILE_WORDS, USE_WORDS } from '../rules/file-use.rules';
import { FAMILIES, type ModelFamily } from '../rules/families.rules';
import { familyOf } from '../rules/family-of';
import { numberOf, spellingOf, wordsOf } from './name-words';

/** What a file field's name tells about the file it wants. */
export interface FileSlot {
  field: FormField;
  role: Extract<FormField['role'], { kind: 'file' }>;
  words: readonly string[];
  /** Words that set it apart from other file fields. */
  telling: readonly string[];
  number: number | null;
}

/** A form with everything looked up once. Derived, never stored. */
export interface FormIndex {
  form: Form;
  byName: ReadonlyMap<string, FormField>;
  bySpelling: ReadonlyMap<string, readonly FormField[]>;
  slots: readonly FileSlot[];
  prompt: FormField | null;
  family: ModelFamily | null;
}

const known = new WeakMap<Form, FormIndex>();

/** "start" and "last" are common words in file names: they are read as a use, with care, and never as telling by themselves. */
const FRAME_WORDS = USE_WORDS.filter(([use]) => use === 'start_frame' || use === 'end_frame').flatMap(([, words]) => words);

function slotOf(field: FormField): FileSlot | null {
  if (field.role.kind !== 'file') return null;
  const words = wordsOf(field.name);
  return { field, role: field.role, words, telling: words.filter((word) => !GENERIC_FILE_WORDS.has(word) && !FRAME_WORDS.includes(word) && Number.isNaN(Number(word))), number: numberOf(words) };
}

export function indexOf(form: Form, families: readonly ModelFamily[] = FAMILIES): FormIndex {
  const hit = families === FAMILIES ? known.get(form) : undefined;
  if (hit) return hit;
  const bySpelling = new Map<string, FormField[]>();
  for (const field of form.fields) {
    const spelling = spellingOf(field.name);
    bySpelling.set(spelling, [...(bySpelling.get(spelling) ?? []), field]);
  }
  const made: FormIndex = {
    form, bySpelling, family: familyOf(form, families),
    byName: new Map(form.fields.map((field) => [field.name, field])),
    slots: form.fields.map(slotOf).filter((slot) => slot !== null),
    prompt: form.fields.find((field) => field.role.kind === 'prompt') ?? null,
  };
  if (families === FAMILIES) known.set(form, made);
  return made;
}
