import type { Form, Issue, JsonObject } from '@countersign/core';
import { isOutOfPlay, ruleIssues } from './checkpoints/cross-rules';
import { missingIssue } from './checkpoints/missing';
import { nestedIssues } from './fixes/nested-issues';
import { settleFile } from './fixes/settle-file';
import { enumIssue, typeIssue } from './fixes/limit-issues';
import { settleValue } from './fixes/settle-value';
import { toWellFormed } from './form/well-formed';
import { issueOf, shown } from './issue';

/**
 * Judges a finished input as it stands, as when a reviewer has edited it. Nothing is repaired: a value that would need
 * a repair is an issue with the repaired value on offer.
 * @returns every issue; empty when the input may be sent
 */
export function acceptInput(form: Form, input: JsonObject): Issue[] {
  const issues: Issue[] = [];
  const failed = new Set<string>();
  for (const name of Object.keys(input)) {
    const field = form.fields.find((one) => one.name === name);
    const value = input[name] ?? null;
    if (!field) {
      issues.push(issueOf('unknown_field', toWellFormed(name.slice(0, 128)), { issue: 'the model has no such field', message: `The model has no field “${toWellFormed(name.slice(0, 128))}”.`, fix: 'Take it away.', details: { given: shown(value) } }));
      continue;
    }
    const settled = field.role.kind === 'file' ? settleFile(field, value, () => ({})) : settleValue(field, value);
    if (settled.kind === 'issues') { issues.push(...settled.issues); failed.add(name); }
    else if (settled.kind === 'value' && settled.rules.length > 0) {
      const issue = field.enum && settled.rules.some((rule) => rule.startsWith('enum')) ? enumIssue(field, value, field.enum) : typeIssue(field, value);
      issues.push({ ...issue, auto_fixable: true, details: { ...issue.details, suggestion: field.secret ? 'hidden' : settled.value } });
      failed.add(name);
    }
  }
  const absent = form.fields.filter((field) => field.effectivelyRequired && !failed.has(field.name) && !isOutOfPlay(field, form, input)
    && (!Object.hasOwn(input, field.name) || isEmpty(input[field.name])) && (!field.required || field.default === undefined || field.defaultIsSample || field.default === ''));
  issues.push(...absent.map((field) => missingIssue(field)));
  const asked = new Set([...failed, ...absent.map((field) => field.name)]);
  return [...issues, ...nestedIssues(form, input).filter((issue) => !failed.has(issue.field)), ...form.rules.flatMap((rule) => ruleIssues(rule, form, input, asked))];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);
}
