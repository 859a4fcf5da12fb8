import { createHash } from 'node:crypto';
import { canonicalJson } from '@countersign/core';
import type { CrossFieldRule, FieldRole, FieldType, Form, FormField, Json, JsonObject } from '@countersign/core';

/** One field of a model whose form is written down in this repository. `label` defaults to the name in words. */
export interface DeclaredField {
  name: string;
  label?: string;
  description: string;
  type: FieldType;
  itemType?: FieldType;
  role?: FieldRole;
  required?: boolean;
  default?: Json;
  enum?: Json[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
}

export interface DeclaredModel {
  provider: string;
  model: string;
  /** Raise it whenever the fields or their meaning change: an approval names it. Absent: the digest of this entry. */
  version?: string;
  title: string;
  description: string;
  fields: DeclaredField[];
  rules?: CrossFieldRule[];
  output: Form['output'];
}

/** @returns the form and its raw JSON Schema, in the shape a provider's own schema would have. */
export function declareForm(declared: DeclaredModel): Form {
  const { fields, version, rules = [], ...rest } = declared;
  const rawSchema = schemaOf(declared);
  const digest = digestOf(rawSchema);
  return {
    ...rest,
    version: version ?? digestOf({ model: declared.model, rules: rules.map((rule) => ({ ...rule })), rawSchema }),
    digest,
    fields: fields.map(fieldOf),
    rules,
    origin: 'schema',
    rawSchema,
  };
}

function digestOf(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

function fieldOf(field: DeclaredField, index: number): FormField {
  const { label, role, required = false, ...given } = field;
  return {
    ...given,
    label: label ?? labelOf(field.name),
    role: role ?? { kind: 'option' },
    required,
    effectivelyRequired: required,
    nullable: false,
    defaultIsSample: false,
    order: index,
    secret: false,
  };
}

function schemaOf({ title, fields }: DeclaredModel): JsonObject {
  return {
    type: 'object',
    title,
    properties: Object.fromEntries(fields.map((field, index) => [field.name, propertyOf(field, index)])),
    required: fields.filter((field) => field.required).map((field) => field.name),
    additionalProperties: false,
  };
}

const SCHEMA_KEYS = ['default', 'enum', 'minimum', 'maximum', 'minLength', 'maxLength', 'maxItems'] as const;

function propertyOf(field: DeclaredField, index: number): JsonObject {
  const property: JsonObject = {
    type: field.type,
    title: field.label ?? labelOf(field.name),
    description: field.description,
    'x-order': index,
  };
  if (field.itemType !== undefined) property['items'] = { type: field.itemType, ...(field.role?.kind === 'file' ? { format: 'uri' } : {}) };
  else if (field.role?.kind === 'file') property['format'] = 'uri';
  for (const key of SCHEMA_KEYS) {
    const value = field[key];
    if (value !== undefined) property[key] = value;
  }
  return property;
}

function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
