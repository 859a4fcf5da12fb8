import { isJsonObject, type Json, type JsonObject } from '@countersign/core';
import { replaceBotLinks, withoutBotToken } from '@countersign/files';
import { scrub } from '@countersign/service-kit';
import { hideAddresses } from '@countersign/validator';

/** Stands for a value that is not sent to a language model. */
const HIDDEN = '(not shown)';

/** The text without keys, bots' tokens and addresses, at most so long: what may leave the house to be read. */
export function safeText(text: string, maxLength: number): string {
  const clean = scrub(hideAddresses(replaceBotLinks(text, withoutBotToken)).text);
  return clean.length > maxLength ? `${clean.slice(0, maxLength)} …` : clean;
}

/** A value as the model may see it: whole, or not at all, since half a value would be taken for the whole. */
export function safeValue(value: Json, maxLength: number): Json {
  const text = JSON.stringify(value);
  return text.length > maxLength || safeText(text, maxLength) !== text ? HIDDEN : value;
}

/** One field of a card's schema for a language model: what it is called, what it takes. No value. */
export function fieldFor(name: string, schema: JsonObject, maxDescription: number): JsonObject {
  const text = (value: Json | undefined): string => (typeof value === 'string' ? safeText(value, maxDescription) : '');
  const kept = ['type', 'enum', 'items', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'x-media']
    .flatMap((key) => (schema[key] === undefined ? [] : [[key.replace('x-', ''), safeValue(schema[key], maxDescription)] as const]));
  return { name, label: text(schema.title), description: text(schema.description), ...Object.fromEntries(kept) };
}

/** Fields of a card by name, without secret ones. */
export function openFields(schema: JsonObject): [name: string, schema: JsonObject][] {
  const properties = isJsonObject(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.flatMap(([name, field]) => (isJsonObject(field) && field.writeOnly !== true ? [[name, field]] : []));
}
