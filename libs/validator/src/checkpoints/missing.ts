import type { FormField, Issue } from '@countersign/core';
import { kindInWords } from '../fixes/settle-file';
import { issueOf } from '../issue';

/** What to give for a field, in words: "an image", "some text", "a whole number". */
function wantedInWords(field: FormField): string {
  if (field.role.kind === 'file') return field.role.use === 'mask' ? 'a mask image' : field.role.shape === 'url' ? kindInWords(field.role.media) : `one or more files (${field.role.media})`;
  if (field.role.kind === 'prompt' || field.role.kind === 'text') return 'some text';
  if (field.enum) return 'one of the options';
  return field.type === 'integer' ? 'a whole number' : field.type === 'number' ? 'a number' : field.type === 'boolean' ? 'yes or no' : field.type === 'array' ? 'a list' : 'a value';
}

function howTo(field: FormField): string {
  if (field.role.kind === 'file') return `Upload ${wantedInWords(field)} or give its address for ${field.name}.`;
  if (field.role.kind === 'prompt') return `Say in your own words what you want (${field.name}).`;
  return `Give ${wantedInWords(field)} for ${field.name}.`;
}

export function missingIssue(field: FormField, why?: string): Issue {
  const sample = field.defaultIsSample ? ' The model would otherwise run on its author\'s sample.' : '';
  return issueOf('missing_required', field.name, {
    issue: 'missing', message: `“${field.label}” (${field.name}) is missing${why ? `: ${why}` : ''}. The model needs ${wantedInWords(field)}.${sample}`,
    fix: howTo(field), details: { wanted: field.role.kind === 'file' ? field.role.media : field.role.kind === 'option' ? field.type : 'text', ...(field.description !== '' ? { description: field.description.slice(0, 300) } : {}) },
  });
}

/** One of several fields is needed: one issue that names the group. */
export function missingGroup(fields: readonly FormField[]): Issue {
  const [first] = fields;
  const names = fields.map((field) => field.name);
  return issueOf('missing_required', first?.name ?? 'input', {
    issue: 'missing', message: `One of ${names.map((name) => `“${name}”`).join(', ')} is needed.`,
    fix: `Give one of: ${fields.map((field) => `${field.name} (${wantedInWords(field)})`).join(', ')}.`, details: { any_of: names },
  });
}
