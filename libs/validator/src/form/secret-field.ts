import type { FormField, JsonObject } from '@countersign/core';
import { spellingOf, wordsOf, wordsOfText } from './name-words';

const OWNERS = ['hf', 'huggingface', 'hugging', 'face', 'api', 'access', 'auth', 'replicate', 'github', 'bearer', 'civitai', 'openai', 'anthropic', 'secret', 'bot', 'read'];
const TEXT_READ = 300; // characters

/** API keys and tokens: never shown, never logged. `max_tokens` and a LoRA's trigger token are none. */
export function isSecret(field: Pick<FormField, 'name' | 'type' | 'description' | 'enum'>, schema: JsonObject): boolean {
  if (schema['x-cog-secret'] === true || schema['format'] === 'password' || schema['writeOnly'] === true || schema['x-secret'] === true || schema['x-cookie'] === true) return true;
  if (field.type !== 'string' || field.enum) return false;
  const spelling = spellingOf(field.name);
  if (spelling.endsWith('apikey') || spelling.endsWith('password') || spelling.endsWith('secret') || spelling.endsWith('secretkey') || spelling.endsWith('cookie') || spelling.endsWith('cookies')) return true;
  const words = wordsOf(field.name);
  if (!words.includes('token')) return false;
  return words.some((word) => OWNERS.includes(word)) || wordsOfText(field.description, TEXT_READ).some((word) => ['huggingface', 'api', 'access', 'hf'].includes(word));
}
