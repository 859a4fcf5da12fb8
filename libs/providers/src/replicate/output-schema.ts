import { isJsonObject, type Json, type JsonObject } from '@countersign/core';

const MAX_HOPS = 16; // references to references; a ring ends here

/** One place in a model's output schema; knows what a value there should be. `null` schema = nothing is known. */
export class OutputSchema {
  constructor(private readonly schema: JsonObject | null, private readonly document: JsonObject) {}

  static of(document: JsonObject | null): OutputSchema {
    return new OutputSchema(document ? { $ref: '#/components/schemas/Output' } : null, document ?? {}).resolved();
  }

  get isKnown(): boolean {
    return this.schema !== null && (this.schema['type'] !== undefined || this.schema['properties'] !== undefined);
  }

  get wantsFile(): boolean {
    return this.schema?.['format'] === 'uri';
  }

  get isNullable(): boolean {
    return this.schema?.['nullable'] === true;
  }

  /** A list that is one text, piece by piece (cog's `x-cog-array-display: concatenate`). */
  get isConcatenated(): boolean {
    return this.schema?.['x-cog-array-display'] === 'concatenate';
  }

  item(): OutputSchema {
    return this.child(this.schema?.['items']);
  }

  property(name: string): OutputSchema {
    const properties = this.schema?.['properties'];
    const own = isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return this.child(own ?? this.schema?.['additionalProperties']);
  }

  requires(name: string): boolean {
    const required = this.schema?.['required'];
    return Array.isArray(required) && required.includes(name);
  }

  /** Names of members that the schema describes. */
  propertyNames(): string[] {
    const properties = this.schema?.['properties'];
    return isJsonObject(properties) ? Object.keys(properties) : [];
  }

  private child(schema: Json | undefined): OutputSchema {
    return new OutputSchema(isJsonObject(schema) ? schema : null, this.document).resolved();
  }

  /** Follows `$ref`, a lone `allOf` and the "x or null" form of `anyOf`. */
  private resolved(): OutputSchema {
    let here: JsonObject | null = this.schema;
    for (let hop = 0; here && hop < MAX_HOPS; hop += 1) {
      const next: Json | undefined = typeof here['$ref'] === 'string' ? this.lookUp(here['$ref']) : lone(here['allOf']) ?? orNull(here['anyOf']);
      if (next === undefined) break;
      here = isJsonObject(next) ? { ...without(here), ...next } : null;
    }
    return here === this.schema ? this : new OutputSchema(here, this.document);
  }

  private lookUp(reference: string): Json {
    let here: Json = this.document;
    for (const word of reference.replace(/^#\//, '').split('/')) {
      if (!isJsonObject(here) || !Object.hasOwn(here, word)) return null;
      here = here[word] ?? null;
    }
    return here;
  }
}

function lone(list: Json | undefined): Json | undefined {
  return Array.isArray(list) && list.length === 1 ? list[0] : undefined;
}

function orNull(list: Json | undefined): Json | undefined {
  if (!Array.isArray(list)) return undefined;
  const real = list.filter((each) => !(isJsonObject(each) && each['type'] === 'null'));
  const only = real.length === 1 ? real[0] : undefined;
  return isJsonObject(only) && real.length < list.length ? { ...only, nullable: true } : only;
}

function without(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$ref' && key !== 'allOf' && key !== 'anyOf'));
}
