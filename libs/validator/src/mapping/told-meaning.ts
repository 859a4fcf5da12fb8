import type { FormField } from '@countersign/core';
import type { FormIndex } from '../form/form-index';
import { spellingOf, wordsOfText } from '../form/name-words';
import { ALIAS_GROUPS, type AliasGroup } from '../rules/aliases.rules';

const TOLD_READ = 300; // characters of a description that say what a plain name stands for

function isTold(field: FormField, { told: plain }: AliasGroup): boolean {
  return plain !== undefined && spellingOf(field.name) === plain.name && wordsOfText(field.description, TOLD_READ).some((word) => plain.words.includes(word));
}

/** A field whose description gives its plain name another meaning: a `scale` of guidance enlarges nothing. */
export function isToldOtherwise(field: FormField, group: AliasGroup): boolean {
  return ALIAS_GROUPS.some((other) => other !== group && isTold(field, other));
}

/** Fields whose description gives their plain name the group's meaning. */
export function told(group: AliasGroup, { bySpelling }: FormIndex): FormField[] | undefined {
  const found = group.told === undefined ? [] : (bySpelling.get(group.told.name) ?? []).filter((field) => isTold(field, group));
  return found.length > 0 ? found : undefined;
}
