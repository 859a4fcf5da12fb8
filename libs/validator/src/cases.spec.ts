import type { Attachment, Form, Json, JsonObject, ValidationReport } from '@countersign/core';
import { outsideCases, outsideForm } from './testing/outside-models';
import { requestOf } from './testing/request-of';
import { validate } from './validate';

interface ExpectedIssue { field: string; code: string; with_field?: string; attachment?: string }
interface Expected {
  status: 'ok' | 'blocked'; accept_status?: string[]; missing_required?: string[]; missing_any_of?: string[][]; auto_fixed?: JsonObject;
  mapped?: JsonObject; prompt_field?: string; dropped?: string[]; input?: JsonObject; errors?: ExpectedIssue[]; warnings?: ExpectedIssue[];
}
interface Case { id: string; prompt: string; attachments: Attachment[]; params: JsonObject; expected: Expected; schema_file: string }

function facts(report: ValidationReport): { issues: { field: string; code: string; severity: string; details?: JsonObject }[]; missing: string[] } {
  const issues = report.summary.checkpoints.flatMap((checkpoint) => checkpoint.issues);
  return { issues, missing: issues.filter((issue) => issue.code === 'missing_required').map((issue) => issue.field) };
}

function mayAlsoBeMissing(expected: Expected, field: string): boolean {
  return expected.errors?.some((error) => error.field === field && ['not_a_url', 'wrong_media_type', 'ambiguous_attachment'].includes(error.code)) === true;
}

function check(one: Case, form: Form): void {
  const { expected } = one;
  const report = validate(form, requestOf({ prompt: one.prompt, attachments: one.attachments, parameters: one.params }));
  const { issues, missing } = facts(report);
  expect(expected.accept_status ?? [expected.status]).toContain(report.ready ? 'ok' : 'blocked');
  expect(missing.filter((field) => !mayAlsoBeMissing(expected, field) || expected.missing_required?.includes(field))).toEqual(expected.missing_required ?? []);
  for (const wanted of [...expected.errors ?? [], ...expected.warnings ?? []]) {
    expect(issues).toContainEqual(expect.objectContaining({ field: wanted.field, code: wanted.code, ...(wanted.with_field ? { details: expect.objectContaining({ with_field: wanted.with_field }) as Json } : {}) }));
  }
  const errors = issues.filter((issue) => issue.severity === 'error' && issue.code !== 'missing_required').map((issue) => `${issue.field} ${issue.code}`).sort();
  const listed = (expected.errors ?? []).map((issue) => `${issue.field} ${issue.code}`).sort();
  if (expected.status === 'blocked') expect(errors).toEqual(listed);
  if (expected.status === 'ok') expect(Object.fromEntries(report.fixes.map((fix) => [fix.field, fix.after]))).toEqual(expected.auto_fixed ?? {});
  expect(report.mapping).toEqual(expected.mapped ?? {});
  expect(report.promptField).toBe(expected.prompt_field ?? null);
  expect(report.dropped).toEqual(expected.dropped ?? []);
  if (expected.input) expect(report.input).toEqual(expected.input);
}

const cases = outsideCases<Case>('requests with one right answer each');

test('each case has a name of its own', () => { expect(new Set(cases.map((one) => one.id)).size).toBe(cases.length); });

if (cases.length > 0) test.each(cases.map((one) => [one.id, one] as const))('%s', (_id, one) => { check(one, outsideForm(one.schema_file)); });
