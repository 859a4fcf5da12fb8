import type { FieldType, Form, FormField, Json, JsonObject, RefusedField } from '@countersign/core';

/**
 * The last look before a declared model runs: the payload was validated long before, perhaps by an older release.
 * @returns one entry per field that does not fit the form; empty when all do.
 */
export function checkInput(form: Form, input: JsonObject): RefusedField[] {
  const known = new Map(form.fields.map((field) => [field.name, field]));
  const wrong: RefusedField[] = [];
  for (const field of form.fields) {
    if (field.required && input[field.name] === undefined) wrong.push(complaint(field, 'missing_required', 'is missing'));
  }
  for (const [name, value] of Object.entries(input)) {
    const field = known.get(name);
    if (field === undefined) wrong.push({ field: name, code: 'unknown_field', message: `${name} is not an input of ${form.model}` });
    else wrong.push(...checkValue(field, value));
  }
  return wrong;
}

/** The value of an optional field, or its default. Call it after checkInput(). */
export function valueOf(form: Form, input: JsonObject, name: string): Json {
  return input[name] ?? form.fields.find((field) => field.name === name)?.default ?? null;
}

function checkValue(field: FormField, value: Json): RefusedField[] {
  if (!isOfType(field.type, value)) return [complaint(field, 'wrong_type', `must be of type ${field.type}`)];
  if (field.enum !== undefined && !field.enum.includes(value)) {
    return [{ ...complaint(field, 'not_in_enum', `must be one of ${field.enum.join(', ')}`), allowed: field.enum }];
  }
  if (typeof value === 'number' && (value < (field.minimum ?? -Infinity) || value > (field.maximum ?? Infinity))) {
    return [complaint(field, 'out_of_range', `must be between ${field.minimum ?? '-∞'} and ${field.maximum ?? '∞'}`)];
  }
  if (typeof value === 'string') return checkText(field, value);
  return Array.isArray(value) ? checkList(field, value) : [];
}

function checkText(field: FormField, text: string): RefusedField[] {
  if (text.trim().length < (field.minLength ?? 0)) return [complaint(field, 'missing_required', 'is empty')];
  if (field.maxLength !== undefined && text.length > field.maxLength) {
    return [complaint(field, 'text_too_long', `has ${text.length} characters, the limit is ${field.maxLength}`)];
  }
  return [];
}

function checkList(field: FormField, list: readonly Json[]): RefusedField[] {
  const { itemType } = field;
  if (itemType !== undefined && !list.every((item) => isOfType(itemType, item))) return [complaint(field, 'wrong_type', `must hold values of type ${itemType} only`)];
  if (list.length > (field.maxItems ?? Infinity)) return [complaint(field, 'out_of_range', `has ${list.length} entries, the limit is ${field.maxItems}`)];
  return [];
}

function isOfType(type: FieldType, value: Json): boolean {
  switch (type) {
    case 'integer': return Number.isSafeInteger(value);
    case 'number': return typeof value === 'number' && Number.isFinite(value);
    case 'string': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'array': return Array.isArray(value);
    case 'object': return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'any': return true;
  }
}

function complaint(field: FormField, code: string, what: string): RefusedField {
  return { field: field.name, code, message: `${field.label} (${field.name}) ${what}` };
}
