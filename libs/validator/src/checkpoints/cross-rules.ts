import type { CrossFieldRule, Form, FormField, Issue, Json, JsonObject } from '@countersign/core';
import { issueOf } from '../issue';
import { missingGroup, missingIssue } from './missing';

function given(input: JsonObject, name: string): boolean {
  const value = Object.hasOwn(input, name) ? input[name] : undefined;
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** What will hold when the input is sent: the given value, else a default that is not the author's sample. */
function effective(form: Form, input: JsonObject, name: string): Json | undefined {
  if (given(input, name)) return input[name];
  const field = form.fields.find((one) => one.name === name);
  return field && !field.defaultIsSample ? field.default : undefined;
}

function combination(field: string, withField: string, rule: CrossFieldRule, words: { message: string; fix: string; allowed?: Json[] }): Issue {
  return issueOf('invalid_combination', field, {
    issue: 'does not go together', message: words.message, fix: words.fix,
    details: { with_field: withField, rule: rule.source, ...(words.allowed ? { allowed: words.allowed } : {}) },
  });
}

function list(values: readonly Json[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

/** @returns the issues of one rule against a finished input; `asked` = fields already reported otherwise */
export function ruleIssues(rule: CrossFieldRule, form: Form, input: JsonObject, asked: ReadonlySet<string>): Issue[] {
  if ('fields' in rule) {
    const present = rule.fields.filter((name) => given(input, name) && !(rule.kind !== 'at_least_one' && input[name] === false)); // a switch that is off shuts nothing out
    if (present.length === 0 && rule.kind !== 'at_most_one') {
      return rule.fields.some((name) => asked.has(name)) ? [] : [missingGroup(rule.fields.map((name) => form.fields.find((field) => field.name === name)).filter((field) => field !== undefined))];
    }
    const [first, second] = present;
    if (!first || !second || rule.kind === 'at_least_one') return [];
    return [combination(second, first, rule, { message: `“${second}” and “${first}” cannot be given together.`, fix: `Keep one of ${present.join(', ')}.` })];
  }
  if (rule.kind === 'only_with') {
    const field = form.fields.find((one) => one.name === rule.field);
    if (!given(input, rule.field) || input[rule.field] === field?.default || input[rule.field] === false) return [];
    const other = effective(form, input, rule.other);
    if (asked.has(rule.other) || rule.otherValues.includes(other ?? null)) return [];
    return [combination(rule.field, rule.other, rule, { allowed: rule.otherValues, message: `“${rule.field}” only counts when “${rule.other}” is ${list(rule.otherValues)}.`, fix: `Set ${rule.other} to ${list(rule.otherValues)}, or take ${rule.field} away.` })];
  }
  const value = effective(form, input, rule.field);
  const triggered = rule.value === undefined ? given(input, rule.field) : given(input, rule.field) && value === rule.value;
  if (!triggered || asked.has(rule.needs)) return [];
  const needed = effective(form, input, rule.needs);
  if (rule.needsValues) {
    if (rule.needsValues.includes(needed ?? null)) return [];
    return [combination(rule.needs, rule.field, rule, { allowed: rule.needsValues, message: `“${rule.field}” needs “${rule.needs}” to be ${list(rule.needsValues)}.`, fix: `Set ${rule.needs} to ${list(rule.needsValues)}, or take ${rule.field} away.` })];
  }
  const field = form.fields.find((one) => one.name === rule.needs);
  return needed !== undefined && needed !== '' || !field ? [] : [missingIssue(field, `it is needed with “${rule.field}”`)];
}

/** A field that only counts under a condition that does not hold is not missed. */
export function isOutOfPlay(field: FormField, form: Form, input: JsonObject): boolean {
  return !field.required && form.rules.some((rule) => rule.kind === 'only_with' && rule.field === field.name && !rule.otherValues.includes(effective(form, input, rule.other) ?? null));
}
