import type { Fix, FormField, Issue, Json, JsonObject, Mapping } from '@countersign/core';

/** Where a field's value came from, strongest first. */
export type Origin = 'edit' | 'parameter' | 'attachment' | 'prompt';

interface Entry { value: Json; origin: Origin; before: Json; from?: string; rules: string[] }

/** The payload's input while it is being built: what is placed, what was repaired, what is wrong. */
export class Draft {
  readonly issues: Issue[] = [];
  readonly mapping: Mapping = {};
  readonly dropped = new Set<string>();
  promptField: string | null = null;
  /** Fields whose given value is wrong: not missing, but not sent either. */
  readonly failed = new Set<string>();
  /** Fields a person emptied on purpose: nothing of lower rank may fill them. */
  readonly cleared = new Set<string>();
  private readonly entries = new Map<string, Entry>();

  place(field: FormField, entry: Entry): void {
    this.entries.set(field.name, entry);
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** Nothing of lower rank may be put there. */
  isSettled(name: string): boolean {
    return this.entries.has(name) || this.failed.has(name) || this.cleared.has(name);
  }

  valueOf(name: string): Json | undefined {
    return this.entries.get(name)?.value;
  }

  originOf(name: string): Origin | undefined {
    return this.entries.get(name)?.origin;
  }

  report(field: string, issues: readonly Issue[]): void {
    this.failed.add(field);
    this.issues.push(...issues);
  }

  /** The input in the form's order, only what was given. */
  input(fields: readonly FormField[]): JsonObject {
    return Object.fromEntries(fields.filter((field) => this.entries.has(field.name)).map((field) => [field.name, this.entries.get(field.name)?.value ?? null]));
  }

  fixes(fields: readonly FormField[]): Fix[] {
    return fields.flatMap((field) => {
      const entry = this.entries.get(field.name);
      if (!entry || entry.rules.length === 0) return [];
      return [{ field: field.name, ...(entry.from ? { from_field: entry.from } : {}), before: entry.before, after: entry.value, rule: entry.rules.join(', ') }];
    });
  }
}
