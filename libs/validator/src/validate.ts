/*
 * What this is: the gate before every paid call. Form in, user's values in, report out; no network, no clock, no LLM.
 * Invariant: what is called ready is exactly what a competent engineer would send; whatever is not certain is asked.
 * To extend: values go in by mapping/, repairs by fixes/, words of model families by rules/, the verdict by checkpoints/.
 */
import type { Attachment, FileObservation, Form, Issue, ValidationReport, ValidationRequest } from '@countersign/core';
import { isOutOfPlay, ruleIssues } from './checkpoints/cross-rules';
import { missingIssue } from './checkpoints/missing';
import { qualityIssues } from './checkpoints/quality';
import { summarise } from './checkpoints/summarise';
import { Draft } from './draft';
import { nestedIssues } from './fixes/nested-issues';
import { tooManyFiles, type FileFacts } from './fixes/settle-file';
import { indexOf, type FormIndex } from './form/form-index';
import { issueOf } from './issue';
import { isFileUrl } from './mapping/file-url';
import { placeAttachments, placeMentions } from './mapping/place-files';
import { placeValues } from './mapping/place-parameters';
import { placePrompt } from './mapping/place-prompt';
import { readPrompt, urlsInConversation } from './mapping/read-prompt';

const MAX_ATTACHMENTS = 200; // files of one request that are looked at

/** The whole answer for a request: the input as it would be sent, and everything a person needs to judge it. */
export function validate(form: Form | null, request: ValidationRequest): ValidationReport {
  return form ? judge(form, request, new Set()) : report(null, new Draft(), request);
}

/** Addresses that the verdict on a request depends on and that were not looked at yet, in order of their rank. */
export function filesToLookAt(form: Form | null, request: ValidationRequest): string[] {
  if (!form?.fields.some((field) => field.role.kind === 'file') || !mayNameFile(request)) return [];
  const asked = new Set<string>();
  judge(form, request, asked);
  for (const { url } of request.observations) asked.delete(url);
  return [...asked].filter(isFileUrl);
}

/** Every address that isFileUrl() takes holds one of these. */
const PART_OF_ADDRESS = /https?:|data:|artifacts|uploads/i;

/** False when no word of the request can be an address: then there is no need to judge it in order to look for one. */
function mayNameFile({ attachments, prompt, parameters, conversation, edits }: ValidationRequest): boolean {
  return attachments.length > 0 || PART_OF_ADDRESS.test(prompt) || PART_OF_ADDRESS.test(JSON.stringify([parameters, conversation, edits]));
}

/** @param asked is told each file about which the judge wanted to know more. */
function judge(form: Form, request: ValidationRequest, asked: Set<string>): ValidationReport {
  const index = indexOf(form);
  const draft = new Draft();
  const read = readPrompt(request.prompt);
  const attachments: Attachment[] = [...request.attachments.slice(0, MAX_ATTACHMENTS), ...read.attached.map((url) => ({ url }))];
  const known = factsOf(request.observations, attachments);
  const facts: FileFacts = (url) => { asked.add(url); return known(url); };
  const byName = new Map(attachments.flatMap((file) => (file.name === undefined ? [] : [[file.name, file.url] as const])));
  const context = { index, draft, facts };
  const urlOfAttachment = (name: string): string | undefined => byName.get(name);
  placeValues(request.edits, 'edit', { ...context, urlOfAttachment });
  placeValues(request.parameters, 'parameter', { ...context, urlOfAttachment });
  if (request.attachments.length > MAX_ATTACHMENTS) draft.issues.push(tooManyFiles({ name: 'attachments', label: 'attachments' }, request.attachments.length, MAX_ATTACHMENTS));
  placeAttachments(attachments, context);
  placeMentions(read.mentioned, context, (slot) => slot.role.media !== 'archive');
  const inGroup = new Set(form.rules.flatMap((rule) => ('fields' in rule && rule.kind !== 'at_most_one' && !rule.fields.some((name) => draft.has(name)) ? rule.fields : [])));
  for (const urls of urlsInConversation(request.conversation)) {
    placeMentions(urls, context, ({ field }) => field.effectivelyRequired || inGroup.has(field.name));
  }
  placePrompt(read.text, index, draft);
  draft.issues.push(...nestedIssues(form, draft.input(form.fields)), ...missingIssues(index, draft), ...ruleFindings(form, draft), ...qualityIssues(index, draft));
  return report(form, draft, request);
}

function factsOf(observations: readonly FileObservation[], attachments: readonly Attachment[]): FileFacts {
  const seen = new Map(observations.map((observation) => [observation.url, observation]));
  const known = new Map(attachments.map((file) => [file.url, file]));
  return (url) => {
    const observation = seen.get(url), file = known.get(url);
    return { ...(observation ? { observation } : {}), ...(file?.mime ? { mime: file.mime } : {}), ...(file?.name ? { name: file.name } : {}) };
  };
}

function missingIssues(index: FormIndex, draft: Draft): Issue[] {
  const input = draft.input(index.form.fields);
  return index.form.fields.filter((field) => field.effectivelyRequired && !draft.has(field.name) && !draft.failed.has(field.name)
    && (!field.required || field.default === undefined || field.defaultIsSample || field.default === '') && !isOutOfPlay(field, index.form, input)).map((field) => missingIssue(field));
}

/** A field that is reported already is not reported again by a rule. */
function ruleFindings(form: Form, draft: Draft): Issue[] {
  const asked = new Set([...draft.failed, ...form.fields.filter((field) => field.effectivelyRequired && !draft.has(field.name)).map((field) => field.name)]);
  const input = draft.input(form.fields);
  const found: Issue[] = [];
  for (const rule of form.rules) {
    for (const issue of ruleIssues(rule, form, input, asked)) {
      if (!found.some((other) => other.code === issue.code && other.field === issue.field)) found.push(issue);
    }
  }
  return found;
}

function report(form: Form | null, draft: Draft, request: ValidationRequest): ValidationReport {
  const issues = form ? draft.issues : [issueOf('model_unknown', 'model', {
    issue: 'no model chosen', message: 'No model is chosen, or nothing is known about it.', fix: 'Choose a model by owner and name.',
  })];
  const fields = form?.fields ?? [];
  const hasFiles = request.attachments.length > 0 || fields.some((field) => field.role.kind === 'file' && draft.has(field.name));
  const summary = summarise({ form, hasFiles, issues });
  return {
    ready: summary.ready_for_execution, input: draft.input(fields), fixes: draft.fixes(fields), mapping: draft.mapping,
    dropped: [...draft.dropped], promptField: draft.promptField, summary,
  };
}
