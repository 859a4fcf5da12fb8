import type { FormField, Json } from '@countersign/core';

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
