import type { FormField, Json, JsonObject } from '@countersign/core';
import type { Draft } from '../draft';
import { settleFile, type FileFacts } from '../fixes/settle-file';
import { settleValue } from '../fixes/settle-value';
import type { FormIndex } from '../form/form-index';
import { toWellFormed } from '../form/well-formed';
import { issueOf, shown } from '../issue';
import { isFileUrl, mediaOfUrl } from './file-url';
import { holdersOf, namesake, nearestName } from './nearest-name';
import { resolveName, type NameMatch } from './resolve-name';

const MAX_PARAMETERS = 1_000; // more names than this is no request
const MAX_COMPARED = 50; // unknown names that are compared with the real ones; each costs a distance per field

interface Context { index: FormIndex; draft: Draft; facts: FileFacts; urlOfAttachment: (name: string) => string | undefined }

/** The user's own values, each to the field it names. Exact names settle before any alias is read. */
export function placeValues(values: JsonObject, origin: 'parameter' | 'edit', context: Context): void {
  const { index, draft } = context;
  const given = Object.keys(values);
  const names = given.slice(0, MAX_PARAMETERS);
  if (given.length > names.length) {
    draft.issues.push(issueOf('unknown_field', 'parameters', { issue: 'too many parameters', message: `${given.length} parameters were given; at most ${MAX_PARAMETERS} are read.`, fix: 'Give only the parameters of the model.', details: { given: given.length, max: MAX_PARAMETERS } }));
  }
  const taken = new Set([...index.byName.keys()].filter((name) => draft.isSettled(name)));
  const exact = names.filter((name) => index.byName.has(name));
  for (const name of exact) if (values[name] !== null && values[name] !== '') taken.add(name);
  for (const name of [...exact, ...names.filter((other) => !index.byName.has(other))]) {
    const value = values[name] as Json;
    const match = resolveName(name, value, index, taken);
    if (match.kind !== 'field') { unknown(name, value, match, context); continue; }
    const { field } = match;
    if (draft.isSettled(field.name)) {
      if (match.rule && draft.originOf(field.name) === origin) conflict(name, field, value, context);
      continue;
    }
    taken.add(field.name);
    placeOne(field, value, { name, origin, rule: match.rule, context });
  }
}

function placeOne(field: FormField, value: Json, at: { name: string; origin: 'parameter' | 'edit'; rule?: string; context: Context }): void {
  const { draft, facts, urlOfAttachment } = at.context;
  const attachment = field.role.kind === 'file' ? namedAttachments(value, urlOfAttachment) : null;
  const raw = attachment ?? value;
  const settled = field.role.kind === 'file' ? settleFile(field, raw, facts) : settleValue(field, raw);
  if (settled.kind === 'issues') { draft.report(field.name, settled.issues); return; }
  if (settled.kind === 'absent') {
    if (at.origin === 'edit') draft.cleared.add(field.name); else draft.dropped.add(at.name);
    return;
  }
  const rules = [...(at.rule ? [at.rule] : []), ...(attachment ? ['attachment_name'] : []), ...settled.rules];
  draft.place(field, { value: settled.value, origin: at.origin, before: value, rules, ...(at.rule ? { from: at.name } : {}) });
  if (attachment) draft.mapping[field.name] = value as string | string[];
}

/** A file field may be given the name of an attachment instead of an address. */
function namedAttachments(value: Json, urlOf: (name: string) => string | undefined): Json | null {
  if (typeof value === 'string') return isFileUrl(value) ? null : urlOf(value) ?? null;
  if (!Array.isArray(value) || value.length === 0) return null;
  const urls = value.map((item) => (typeof item === 'string' && !isFileUrl(item) ? urlOf(item) : undefined));
  return urls.every((url) => url !== undefined) ? urls : null;
}

/** One meaning, two names, two values: a person says which. The same value twice is nothing to talk about. */
function conflict(name: string, field: FormField, value: Json, { draft, facts }: Context): void {
  draft.dropped.add(toWellFormed(name));
  const settled = field.role.kind === 'file' ? settleFile(field, value, facts) : settleValue(field, value);
  const same = settled.kind === 'absent' || (settled.kind === 'value' && JSON.stringify(draft.valueOf(field.name)) === JSON.stringify(settled.value));
  if (same) return;
  draft.issues.push(issueOf('unknown_field', toWellFormed(name), {
    issue: 'given twice', message: `“${toWellFormed(name)}” means “${field.name}”, which is given as well, with another value.`,
    fix: `Take “${toWellFormed(name)}” away, or change “${field.name}”.`, details: { same_as: field.name },
  }));
}

/** An address of a picture, a sound, a film: something handed over, unlike the address of a web hook. */
function isFile(value: Json): boolean {
  const urls = Array.isArray(value) ? value : [value];
  return urls.length > 0 && urls.every((url) => typeof url === 'string' && isFileUrl(url) && mediaOfUrl(url, {}) !== undefined);
}

const nearestTo = (name: string, names: readonly string[]): string | undefined => namesake(name, names) ?? nearestName(name, names);

/**
 * A name the model has no place for is not sent and is reported. It blocks where something the user surely wanted would
 * be lost: a slip of the pen in a real name, a file, or a name that could mean several fields.
 */
function unknown(name: string, value: Json, match: NameMatch, { index, draft }: Context): void {
  const safe = toWellFormed(name.slice(0, 128));
  draft.dropped.add(safe);
  if (value === null || value === '') return;
  const open = match.kind === 'none' && draft.dropped.size <= MAX_COMPARED ? [...index.byName.keys()].filter((other) => !draft.has(other)) : [];
  const slip = nearestTo(name, open), holders = slip === undefined ? holdersOf(name, open) : [];
  const near = slip ?? (holders.length === 1 ? holders[0] : undefined);
  const candidates = match.kind === 'several' ? match.fields.map((field) => field.name) : holders.length > 1 ? holders : [];
  const blocks = candidates.length > 0 || near !== undefined || isFile(value);
  const hint = near ? ` Did you mean “${near}”?` : candidates.length > 0 ? ` It could mean ${candidates.map((other) => `“${other}”`).join(' or ')}.` : '';
  draft.issues.push(issueOf('unknown_field', safe, {
    severity: blocks ? 'error' : 'warning', issue: 'the model has no such field',
    message: `The model has no field “${safe}”; it is not sent.${hint}`,
    fix: near ? `Rename “${safe}” to “${near}”, or take it away.` : candidates.length > 0 ? `Say which field is meant: ${candidates.join(', ')}.` : `Take “${safe}” away, or use one of the model's own fields.`,
    details: { given: index.form.fields.some((field) => field.secret) ? 'hidden' : shown(value), ...(near ? { suggestion: near } : {}), ...(candidates.length > 0 ? { candidates } : {}) },
  }));
}
