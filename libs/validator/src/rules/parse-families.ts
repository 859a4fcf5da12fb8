/*
 * What this is: an operator's own model families, read from JSON (MODEL_RULES_FILE):
 * `[{"id": "our_tts", "in_name": ["house voice*"], "needs_text": true, "long_text": 300}]`.
 */
import { isJsonObject, type Json, type JsonObject, type MediaKind, type ModelFamily } from '@countersign/core';

const MAX_FAMILIES = 500; // the built-in ones are two dozen
const MAX_WORDS = 300; // per list
const MAX_LENGTH = 100; // characters of a phrase
const MEDIA: readonly MediaKind[] = ['image', 'audio', 'video', 'archive', 'document', 'any'];
const LISTS = { in_name: 'inName', in_text: 'inText', also_from_words: 'alsoFromWords', instruction_words: 'instructionWords', required_fields: 'requiredFields', optional_fields: 'optionalFields' } as const;
const FLAGS = {
  needs_text: 'needsText', needs_mask: 'needsMask', words_optional: 'wordsOptional', follows_orders: 'followsOrders', wants_edit_verb: 'wantsEditVerb', wants_detail: 'wantsDetail',
} as const;
const MEMBERS = ['id', 'needs_files', 'long_text', ...Object.keys(LISTS), ...Object.keys(FLAGS)];

/** @throws Error that names the rule and what is wrong with it. */
export function parseFamilies(json: unknown): ModelFamily[] {
  if (!Array.isArray(json)) throw new Error('must be a list of rules');
  if (json.length > MAX_FAMILIES) throw new Error(`must not have more than ${MAX_FAMILIES} rules`);
  const families = json.map((entry: Json, index) => parseFamily(entry, `rule ${index + 1}`));
  const twice = families.find(({ id }, index) => families.findIndex((other) => other.id === id) !== index);
  if (twice) throw new Error(`two rules have the id "${twice.id}"`);
  return families;
}

function parseFamily(entry: Json, place: string): ModelFamily {
  if (!isJsonObject(entry)) throw new Error(`${place} must be an object`);
  const { id } = entry;
  if (typeof id !== 'string' || !/^[a-z][a-z0-9_]{0,63}$/.test(id)) throw new Error(`${place}: id must be a word of a-z, 0-9 and _`);
  const where = `${place} (${id})`;
  const unknown = Object.keys(entry).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined) throw new Error(`${where} has an unknown member "${unknown}"`);
  const family: ModelFamily = {
    id, inName: [], inText: [], instructionWords: [], needsText: false, needsFiles: mediaOf(entry, where), ...listsOf(entry, where), ...flagsOf(entry, where),
  };
  if (family.inName.length + family.inText.length === 0) throw new Error(`${where} matches no model: it needs in_name or in_text`);
  const longText = entry['long_text'];
  if (longText === undefined) return family;
  if (typeof longText !== 'number' || !Number.isSafeInteger(longText) || longText < 1) throw new Error(`${where}: long_text must be a number of characters`);
  return { ...family, longText };
}

function listsOf(entry: JsonObject, where: string): Partial<ModelFamily> {
  return Object.fromEntries(Object.entries(LISTS).flatMap(([key, member]) => (entry[key] === undefined ? [] : [[member, words(entry[key], `${where}: ${key}`)]])));
}

function flagsOf(entry: JsonObject, where: string): Partial<ModelFamily> {
  return Object.fromEntries(Object.entries(FLAGS).flatMap(([key, member]) => {
    const value = entry[key];
    if (value === undefined) return [];
    if (typeof value !== 'boolean') throw new Error(`${where}: ${key} must be true or false`);
    return [[member, value]];
  }));
}

function mediaOf(entry: JsonObject, where: string): MediaKind[] {
  if (entry['needs_files'] === undefined) return [];
  return words(entry['needs_files'], `${where}: needs_files`).map((word) => {
    const kind = MEDIA.find((media) => media === word);
    if (kind === undefined) throw new Error(`${where}: needs_files must be of ${MEDIA.join(', ')}`);
    return kind;
  });
}

function words(value: Json | undefined, where: string): string[] {
  const fits = (each: Json): each is string => typeof each === 'string' && /[\p{L}\p{N}]/u.test(each) && each.length <= MAX_LENGTH;
  if (!Array.isArray(value) || value.length > MAX_WORDS || !value.every(fits)) throw new Error(`${where} must be a list of at most ${MAX_WORDS} texts`);
  return value;
}
