import { isJsonObject, type CrossFieldRule, type Form, type FormField, type Json, type JsonObject } from '@countersign/core';
import { FAMILIES, type ModelFamily } from '../rules/families.rules';
import { familyOf } from '../rules/family-of';
import { companionRules } from './companion-rules';
import { defaultKind } from './default-kind';
import { rulesFromDescriptions } from './description-rules';
import { needsOf } from './effectively-required';
import { shapeOf } from './field-shape';
import { fileRole, mostFiles } from './file-role';
import { FormError } from './form-error';
import { outputOf } from './output-shape';
import { isTextField, promptFieldOf } from './prompt-role';
import { assertFinite, resolveSchema } from './resolve-schema';
import { isSecret } from './secret-field';
import { twoWays } from './two-ways';
import { isWellFormed, toWellFormed } from './well-formed';

const MAX_FIELDS = 500; // the largest form seen has 60
const MAX_NAME = 128; // UTF-16 units of a field name
const MAX_DESCRIPTION = 8_000; // UTF-16 units kept of a description

/** A model version as a provider gives it. Either the OpenAPI document, or its Input and Output schemas alone. */
export interface FormSource {
  provider: string;
  model: string;
  version: string;
  digest: string;
  title?: string;
  description?: string | null;
  /** The OpenAPI document with `components.schemas.Input` and `.Output`. */
  schema?: JsonObject | null;
  inputSchema?: JsonObject | null;
  outputSchema?: JsonObject | null;
}

/**
 * The form of a model version: what it takes, resolved and judged.
 * @param families an operator's own families before the built-in ones
 * @throws FormError when the schema is missing, circular, endless or hostile
 */
export function formFromOpenApi(source: FormSource, families: readonly ModelFamily[] = FAMILIES): Form {
  const root = source.schema ?? source.inputSchema ?? {};
  const input = source.inputSchema ?? schemaAt(root, 'Input');
  if (!isJsonObject(input)) throw new FormError('no_input_schema', 'it has no components.schemas.Input');
  assertFinite(input, root);
  const resolved = resolveSchema(input, root);
  if (!isJsonObject(resolved['properties'])) throw new FormError('no_input_schema', 'its Input has no properties');
  const title = toWellFormed(source.title ?? source.model), description = toWellFormed(source.description ?? '').slice(0, MAX_DESCRIPTION);
  const family = familyOf({ model: source.model, title, description }, families);
  const fields = fieldsOf(resolved, root, family);
  const rules = judge(fields, family, `${title} . ${source.model} . ${description}`);
  const output = source.outputSchema ?? schemaAt(root, 'Output');
  if (output !== undefined) assertFinite(output, root);
  return {
    provider: source.provider, model: source.model, version: source.version, digest: source.digest, title, description, fields, rules,
    origin: 'schema', output: outputOf(output, root, fields, description), rawSchema: source.schema ?? { ...input },
  };
}

function schemaAt(root: JsonObject, name: string): Json | undefined {
  const components = root['components'];
  const schemas = isJsonObject(components) ? components['schemas'] : undefined;
  return isJsonObject(schemas) && Object.hasOwn(schemas, name) ? schemas[name] : undefined;
}

function fieldsOf(input: JsonObject, root: JsonObject, family: ModelFamily | null): FormField[] {
  const properties = input['properties'] as JsonObject;
  const names = Object.keys(properties);
  if (names.length > MAX_FIELDS) throw new FormError('too_large', `${names.length} fields`);
  const required = Array.isArray(input['required']) ? input['required'] : [];
  return names.map((name, index) => {
    if (name === '__proto__' || name === '' || name.length > MAX_NAME || !isWellFormed(name)) throw new FormError('hostile_name', `field ${index + 1} has an impossible name`);
    return fieldOf(name, resolveSchema(properties[name], root), { root, family, required: required.includes(name), place: index });
  }).sort((a, b) => a.order - b.order).map((field, order) => ({ ...field, order }));
}

function fieldOf(name: string, schema: JsonObject, at: { root: JsonObject; family: ModelFamily | null; required: boolean; place: number }): FormField {
  const description = typeof schema['description'] === 'string' ? toWellFormed(schema['description']).slice(0, MAX_DESCRIPTION) : '';
  const title = typeof schema['title'] === 'string' && schema['title'] !== '' ? toWellFormed(schema['title']).slice(0, MAX_NAME) : name;
  const order = schema['x-order'];
  const field: FormField = {
    name, label: title === name ? humanised(name) : title, description, ...shapeOf(schema, at.root),
    role: { kind: 'option' }, required: at.required, effectivelyRequired: at.required, nullable: schema['nullable'] === true, defaultIsSample: false,
    // fields without x-order stand behind the ordered ones, in order of appearance
    order: typeof order === 'number' && Number.isFinite(order) ? order : MAX_FIELDS + at.place, secret: false,
  };
  field.secret = isSecret(field, schema);
  const file = field.secret ? null : fileRole(field, schema, at.root, at.family);
  if (!file) return field;
  const most = file.shape === 'url_list' && field.maxItems === undefined ? mostFiles(description) : undefined;
  return { ...field, role: file, ...(most === undefined ? {} : { maxItems: most }) };
}

function humanised(name: string): string {
  const words = name.replaceAll('_', ' ').replaceAll('-', ' ').trim();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}

/** Gives the fields their roles and needs, in place; returns the rules between them. @param about the model's name and description */
export function judge(fields: FormField[], family: ModelFamily | null, about = ''): CrossFieldRule[] {
  const prompt = promptFieldOf(fields, family);
  for (const field of fields) {
    if (field === prompt) field.role = { kind: 'prompt' };
    else if (isTextField(field)) field.role = { kind: 'text' };
  }
  const stated = rulesFromDescriptions(fields);
  const needs = needsOf(fields, family, stated);
  for (const field of fields) {
    field.effectivelyRequired = needs.required.has(field.name);
    const sole = field.role.kind === 'option' && field.effectivelyRequired && !field.required && typeof field.default === 'string' && field.default !== '';
    field.defaultIsSample = sole || (defaultKind(field) === 'sample' && (field.role.kind === 'file' || !family?.wordsOptional));
  }
  const covered = (rule: CrossFieldRule): boolean => 'fields' in rule && needs.groups.some((group) => 'fields' in group
    && (group.kind === 'exactly_one' || rule.kind !== 'at_most_one') && rule.fields.every((name) => group.fields.includes(name)));
  const loose = stated.filter((rule) => !covered(rule));
  const order = new Map(fields.map((field) => [field.name, field.order]));
  const inOrder = (rule: CrossFieldRule): CrossFieldRule => ('fields' in rule ? { ...rule, fields: [...rule.fields].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)) } : rule);
  const apart = twoWays(fields, about).filter((rule) => !covered(rule) && !loose.some((other) => 'fields' in rule && 'fields' in other && rule.fields.every((name) => other.fields.includes(name))));
  return [...needs.groups, ...loose, ...apart, ...companionRules(fields)].map(inOrder);
}
