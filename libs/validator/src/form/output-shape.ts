import type { Form, FormField, Json, JsonObject, MediaKind } from '@countersign/core';
import { mediaOfFileName, mediaOfWord } from '../rules/media.rules';
import { wordsOfText } from './name-words';
import { resolveSchema } from './resolve-schema';

const READ = 200; // characters of a model's description that are read

/** What kind of file comes out, as far as the form's own format options or the model's description tell. */
function mediaOut(fields: readonly FormField[], description: string): MediaKind | undefined {
  const format = fields.find((field) => field.enum && field.name.toLowerCase().includes('format'));
  const byFormat = format?.enum?.map((value) => mediaOfFileName(`.${String(value)}`)).find((kind) => kind === 'video' || kind === 'audio' || kind === 'image');
  return byFormat ?? wordsOfText(description, READ).map(mediaOfWord).find((kind) => kind === 'video' || kind === 'audio' || kind === 'image');
}

export function outputOf(schema: Json | undefined, root: JsonObject, fields: readonly FormField[], description: string): Form['output'] {
  const out = resolveSchema(schema, root);
  const items = out['items'] === undefined ? {} : resolveSchema(out['items'], root);
  const media = mediaOut(fields, description);
  const withMedia = media ? { media } : {};
  if (out['type'] === 'string') return out['format'] === 'uri' ? { kind: 'uri', ...withMedia } : { kind: 'text' };
  if (out['type'] === 'array' && items['format'] === 'uri') return { kind: 'uri_list', ...withMedia };
  if (out['type'] === 'array' && items['type'] === 'string') return { kind: 'text_chunks' };
  return { kind: out['type'] === 'object' ? 'object' : 'any' };
}
