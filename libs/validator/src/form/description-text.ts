import type { CrossFieldRule, FormField, Json } from '@countersign/core';

const READ = 800; // characters of a description that rules are read from

const NOISE = /[^\p{L}\p{N}_:.%/+-]+/gu;

/** Sentences and bracketed remarks, lower case, quotes and commas gone, each padded with blanks. */
export function sentencesOf(description: string): string[] {
  return description.slice(0, READ).toLowerCase()
    .replaceAll('=', ' is ').replaceAll('n\'t', ' not').replaceAll('n’t', ' not')
    .replaceAll('e.g.', 'eg').replaceAll('i.e.', 'ie')
    .split(/[;\n()[\]!]|\. |\.$/)
    .map((sentence) => ` ${sentence.replace(NOISE, ' ').trim()} `.replaceAll('. ', ' ').replaceAll(': ', ' '))
    .filter((sentence) => sentence.trim() !== '');
}

/** How a field may be written in running text: its name, and its name with blanks for underscores. */
export function spokenNames(field: FormField): string[] {
  const name = field.name.toLowerCase();
  const spaced = name.replaceAll('_', ' ').replaceAll('-', ' ');
  return spaced === name ? [name] : [name, spaced];
}

/** How a value may be written in running text. */
export function spokenValue(value: Json): string {
  return String(value).toLowerCase().replace(NOISE, ' ').trim();
}

/** Where the field's name stands in the sentence, -1 when it does not. */
export function placeOf(field: FormField, sentence: string): number {
  for (const name of spokenNames(field)) {
    const at = sentence.indexOf(` ${name} `);
    if (at >= 0) return at;
  }
  return -1;
}

/** The field's own enum values (or true, for a switch) that the sentence names. */
export function valuesIn(field: FormField, sentence: string): Json[] {
  if (!field.enum) return [];
  return field.enum.filter((value) => {
    const spoken = spokenValue(value);
    return spoken !== '' && sentence.includes(` ${spoken} `);
  });
}

/** Rules that one sentence of a field's description states. */
export type Reader = (field: FormField, sentence: string, others: readonly FormField[]) => CrossFieldRule[];

export const REQUIRED_IF = [' required if ', ' required when ', ' must be provided if ', ' must be provided when ', ' mandatory if ', ' mandatory when ', ' needed if ', ' needed when ', ' must be set if ', ' must be set when ', ' required for '];

export function source(field: FormField, sentence: string): string {
  return `${field.name}: “${sentence.trim().slice(0, 160)}”`;
}

/** The text after the first of the phrases, null when none is there. */
export function after(sentence: string, phrases: readonly string[]): string | null {
  for (const phrase of phrases) {
    const at = sentence.indexOf(phrase);
    if (at >= 0) return ` ${sentence.slice(at + phrase.length)}`;
  }
  return null;
}

/** The field a text opens with, articles aside. */
export function opensWith(text: string, others: readonly FormField[]): FormField | undefined {
  const bare = text.replace(/^ (?:the |a |an |both |either )?/, ' ');
  return others.flatMap((field) => spokenNames(field).map((name) => ({ field, name }))).sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => bare.startsWith(` ${name} `))?.field;
}
