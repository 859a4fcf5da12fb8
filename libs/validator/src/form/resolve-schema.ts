/*
 * What this is: one schema node with $ref, allOf, anyOf/oneOf and type lists folded into plain keywords.
 * Invariant: it always ends: chains of references are counted, cycles and depth end in a FormError.
 * To extend: fold the new keyword in `foldChoice` or `resolveSchema`; nothing else reads raw composition keywords.
 */
import { isJsonObject, type Json, type JsonObject } from '@countersign/core';
import { FormError } from './form-error';

const MAX_DEPTH = 64; // real schemas nest four or five levels; more is an attack or a mistake
const MAX_NODES = 50_000; // the largest schema seen has about two thousand

/** @throws FormError on a reference that leads nowhere, outside the document, or back to itself */
function followRef(ref: string, root: JsonObject): Json {
  if (!ref.startsWith('#/')) throw new FormError('bad_ref', `reference ${ref.slice(0, 80)} leaves the document`);
  let node: Json = root;
  for (const part of ref.slice(2).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const next: Json | undefined = isJsonObject(node) || Array.isArray(node)
      ? Object.hasOwn(node, key) ? (node as JsonObject)[key] : undefined : undefined;
    if (next === undefined) throw new FormError('bad_ref', `reference ${ref.slice(0, 80)} leads nowhere`);
    node = next;
  }
  return node;
}

/** Refuses a schema that refers to itself anywhere below `start`, or nests or spreads beyond all reason. */
export function assertFinite(start: Json, root: JsonObject): void {
  const settled = new Set<string>();
  let nodes = 0;
  const walk = (node: Json, open: readonly string[], depth: number): void => {
    nodes += 1;
    if (depth > MAX_DEPTH) throw new FormError('too_deep', `more than ${MAX_DEPTH} levels`);
    if (nodes > MAX_NODES) throw new FormError('too_large', `more than ${MAX_NODES} nodes`);
    if (Array.isArray(node)) for (const item of node) walk(item, open, depth + 1);
    if (!isJsonObject(node)) return;
    const ref = node['$ref'];
    if (typeof ref === 'string') {
      if (open.includes(ref)) throw new FormError('circular_ref', `${ref.slice(0, 80)} refers back to itself`);
      if (!settled.has(ref)) {
        walk(followRef(ref, root), [...open, ref], depth + 1);
        settled.add(ref);
      }
    }
    for (const [key, value] of Object.entries(node)) {
      if (key !== 'enum' && key !== 'default' && key !== 'example' && key !== 'examples') walk(value, open, depth + 1);
    }
  };
  walk(start, [], 0);
}

/** The node's own keywords win over what it refers to: Cog puts default and description beside `allOf: [$ref]`. */
export function resolveSchema(node: Json | undefined, root: JsonObject, depth = 0): JsonObject {
  if (depth > MAX_DEPTH) throw new FormError('circular_ref', 'references do not end');
  if (!isJsonObject(node)) return {};
  let inherited: JsonObject = {};
  if (typeof node['$ref'] === 'string') inherited = resolveSchema(followRef(node['$ref'], root), root, depth + 1);
  if (Array.isArray(node['allOf'])) {
    for (const part of node['allOf']) inherited = { ...inherited, ...resolveSchema(part, root, depth + 1) };
  }
  const { $ref: _ref, allOf: _all, anyOf, oneOf, ...own } = node;
  let folded: JsonObject = { ...inherited, ...own };
  for (const choice of [anyOf, oneOf]) {
    if (Array.isArray(choice)) folded = { ...foldChoice(choice.map((part) => resolveSchema(part, root, depth + 1))), ...folded };
  }
  return foldTypeList(folded);
}

function foldTypeList(schema: JsonObject): JsonObject {
  const types = schema['type'];
  if (!Array.isArray(types)) return schema;
  const real = types.filter((type) => type !== 'null');
  const { type: _type, ...rest } = schema;
  const nullable: JsonObject = real.length < types.length ? { nullable: true } : {};
  return { ...rest, ...nullable, ...(real.length === 1 ? { type: real[0] as Json } : {}) };
}

/** `anyOf: [string, null]` is a nullable string; constants are an enum; anything else stays open. */
function foldChoice(parts: JsonObject[]): JsonObject {
  const real = parts.filter((part) => part['type'] !== 'null');
  const nullable: JsonObject = real.length < parts.length ? { nullable: true } : {};
  if (real.length === 1) return { ...real[0], ...nullable };
  const values: Json[] = [];
  for (const part of real) {
    if (part['const'] !== undefined) values.push(part['const']);
    else if (Array.isArray(part['enum'])) values.push(...part['enum']);
    else return nullable;
  }
  return values.length > 0 ? { enum: values, ...nullable } : nullable;
}
