import type { Attachment, Json } from '@countersign/core';
import type { Draft } from '../draft';
import { joinUrls, kindInWords, settleFile, tooManyFiles, wrongMediaIssue, type FileFacts } from '../fixes/settle-file';
import type { FileSlot, FormIndex } from '../form/form-index';
import { issueOf, shown } from '../issue';
import { mediaFits } from '../rules/media.rules';
import { assignFiles, type Trouble } from './assign-files';
import { candidateOf, type Candidate } from './candidate';
import { areAlike, mainOf } from './main-slots';

const ADDRESS_WORDS = ['url', 'urls', 'uri', 'link', 'string', 'path'];

interface Context { index: FormIndex; draft: Draft; facts: FileFacts }

/** Fields a file may still go to. Of several ways to hand over the same file (file, file_url) only the plainest is offered. */
function openSlots({ index, draft }: Context): FileSlot[] {
  const open = index.slots.filter((slot) => !draft.isSettled(slot.field.name));
  const groups = index.form.rules.flatMap((rule) => ('fields' in rule && rule.kind !== 'at_most_one' ? [rule.fields] : []));
  return open.filter((slot) => {
    if (hasFileTwin(slot, index.slots)) return false;
    const rivals = groups.find((names) => names.includes(slot.field.name)) ?? [];
    const alike = index.slots.filter((other) => rivals.includes(other.field.name) && areAlike(other, slot));
    if (alike.length < 2) return true;
    return !alike.some((other) => draft.has(other.field.name)) && slot === (alike.find((other) => !other.words.some((word) => ADDRESS_WORDS.includes(word))) ?? alike[0]);
  });
}

/** A text for the address of what another field takes as a file (`workspace`, `workspace_url`): a file goes to the file's field. */
function hasFileTwin(slot: FileSlot, slots: readonly FileSlot[]): boolean {
  const bare = slot.words.filter((word) => !ADDRESS_WORDS.includes(word));
  if (bare.length === slot.words.length || bare.length === 0 || slot.field.effectivelyRequired) return false;
  return slots.some((other) => other !== slot && other.role.media === slot.role.media && other.words.join(' ') === bare.join(' '));
}

/** Files handed over: each goes to its field, or is reported. None is dropped in silence. */
export function placeAttachments(attachments: readonly Attachment[], context: Context): void {
  const { index, draft } = context;
  const used = new Set(index.slots.flatMap((slot) => { const value = draft.valueOf(slot.field.name); return Array.isArray(value) ? value : [value]; }));
  const seen = new Set<string>();
  const files = attachments.filter((file) => !used.has(file.url) && !seen.has(file.url) && Boolean(seen.add(file.url))).map((file) => candidateOf(file, context.facts));
  if (files.length === 0) return;
  const { placed, troubles } = assignFiles(files, openSlots(context), index.slots);
  settle(placed, context);
  for (const trouble of troubles) reportTrouble(trouble, context);
}

/** Addresses that were only mentioned: they fill what is open, and nothing is said about those that fit nowhere. */
export function placeMentions(urls: readonly string[], context: Context, wants: (slot: FileSlot) => boolean): void {
  const open = openSlots(context).filter(wants);
  if (open.length === 0) return; // before anybody looks at a file that nobody needs
  const files = urls.map((url) => candidateOf({ url }, context.facts))
    .filter((file) => open.some((slot) => (file.media === undefined ? slot.field.effectivelyRequired : mediaFits(file.media, slot.role.media, slot.role.also))));
  if (files.length === 0) return;
  const { placed, troubles } = assignFiles(files, open, context.index.slots);
  settle(placed, context);
  for (const trouble of troubles) if (trouble.kind === 'ambiguous' && trouble.slots.some((slot) => slot.field.effectivelyRequired)) reportTrouble(trouble, context);
}

function settle(placed: ReadonlyMap<FileSlot, readonly Candidate[]>, { draft, facts }: Context): void {
  for (const [slot, files] of placed) {
    const { field } = slot;
    const names = files.map((file) => file.name);
    draft.mapping[field.name] = slot.role.shape === 'url' ? names[0] ?? '' : names;
    const urls = files.map((file) => file.url);
    const value: Json = slot.role.shape === 'url' ? urls[0] ?? '' : slot.role.shape === 'url_list' ? urls : joinUrls(field, urls);
    const byUrl = new Map(files.map((file) => [file.url, file.name]));
    const settled = settleFile(field, urls.length === 1 ? urls[0] ?? '' : urls, (url) => ({ ...facts(url), ...(byUrl.has(url) ? { name: byUrl.get(url) } : {}) }));
    if (settled.kind === 'issues') draft.report(field.name, settled.issues);
    else draft.place(field, { value, origin: 'attachment', before: null, rules: [] });
  }
}

function reportTrouble(trouble: Trouble, context: Context): void {
  const { draft } = context;
  if (trouble.kind === 'no_place') { reportHomeless(trouble.files, context); return; }
  if (trouble.kind === 'too_many') {
    for (const { field } of trouble.others) draft.failed.add(field.name); // the files are there, one too many: not missing
    draft.report(trouble.slot.field.name, [tooManyFiles(trouble.slot.field, trouble.files.length, trouble.max)]);
    return;
  }
  const names = trouble.files.map((file) => String(shown(file.name)));
  for (const { field } of trouble.slots) {
    draft.report(field.name, [issueOf('ambiguous_attachment', field.name, {
      issue: 'not clear which file', message: `It is not clear whether “${field.label}” (${field.name}) is ${names.join(' or ')}.`,
      fix: `Say which file is ${field.name}.`, details: { attachments: names, candidates: trouble.slots.map((slot) => slot.field.name) },
    })]);
  }
}

/** A file of a kind nobody takes, or one too many: the field that comes nearest is named. */
function reportHomeless(files: readonly Candidate[], context: Context): void {
  const { index, draft } = context;
  const usable = index.slots.filter((slot) => slot.role.media !== 'archive' || slot.field.effectivelyRequired);
  if (usable.length === 0) {
    draft.report('attachments', [tooManyFiles({ name: 'attachments', label: 'attachments' }, files.length, 0)]);
    draft.issues.push(mismatch(`The model takes no files, but ${files.map((file) => String(shown(file.name))).join(', ')} ${files.length === 1 ? 'is' : 'are'} attached.`));
    return;
  }
  for (const file of files) {
    const sameKind = usable.filter((slot) => mediaFits(file.media, slot.role.media, slot.role.also));
    if (sameKind.length === 0) {
      const open = usable.filter((slot) => !draft.has(slot.field.name));
      const blamed = mainOf(open)[0] ?? mainOf(usable)[0] ?? usable[0];
      if (!blamed) continue;
      draft.issues.push(wrongMediaIssue(blamed.field, file.name, file.media ?? 'any'));
      if (draft.has(blamed.field.name)) continue;
      draft.issues.push(mismatch(`The model works on ${kindInWords(blamed.role.media)}; ${String(shown(file.name))} is ${kindInWords(file.media ?? 'any')}.`));
      continue;
    }
    if (sameKind.some((slot) => draft.originOf(slot.field.name) === 'edit' || draft.cleared.has(slot.field.name))) continue; // a person has decided
    const slot = sameKind[0] as FileSlot;
    const explicit = draft.originOf(slot.field.name) === 'parameter';
    const issue = tooManyFiles(slot.field, 2, 1);
    draft.issues.push(explicit ? { ...issue, severity: 'warning', message: `${String(shown(file.name))} is not used: “${slot.field.name}” is given as a parameter.`, suggested_fix: 'Take the file away, or take the parameter away to use the file.' } : issue);
  }
}

function mismatch(message: string): ReturnType<typeof issueOf> {
  return issueOf('model_mismatch', 'model', { severity: 'warning', issue: 'the model and the files do not fit', message, fix: 'Give a file the model takes, or choose another model.' });
}
