import type { FieldRole, Form, Json, JsonObject } from '@countersign/core';
import { isFileUrl } from './file-url';

type Shape = Extract<FieldRole, { kind: 'file' }>['shape'];

/** The addresses in an input's file fields, with the field of each; data URLs among them. */
export function namedFiles(form: Form, input: JsonObject): { field: string; url: string }[] {
  return form.fields.flatMap(({ name, role }) => {
    if (role.kind !== 'file') return [];
    return listed(input[name], role.shape).map((text) => text.trim()).filter(isFileUrl).map((url) => ({ field: name, url }));
  });
}

/** In a text with many addresses a comma is a separator only where another address follows: it may be part of one. */
const SEPARATORS: Partial<Record<Shape, RegExp>> = { comma_list: /,\s*(?=https?:|data:)/i, line_list: /\r?\n/ };

function listed(value: Json | undefined, shape: Shape): string[] {
  if (Array.isArray(value)) return value.filter((one) => typeof one === 'string');
  if (typeof value !== 'string') return [];
  const separator = SEPARATORS[shape];
  return separator ? value.split(separator) : [value];
}
