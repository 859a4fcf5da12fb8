import type { Issue } from '@countersign/core';
import type { Draft } from '../draft';
import type { FormIndex } from '../form/form-index';
import { wordsOfText } from '../form/name-words';
import { issueOf } from '../issue';
import { EDIT_VERBS } from '../rules/prompt.rules';

const SHORT_PROMPT = 10; // characters; the predecessor's measure of "too short or vague"
const READ = 2_000; // characters of a prompt that are looked at

/** Warnings about the words themselves. They never block. */
export function qualityIssues(index: FormIndex, draft: Draft): Issue[] {
  const { prompt, family } = index;
  const text = prompt ? draft.valueOf(prompt.name) : undefined;
  if (!prompt || typeof text !== 'string') return [];
  const issues: Issue[] = [];
  const words = wordsOfText(text, READ);
  if ((family?.wantsDetail || family?.wantsEditVerb) && text.trim().length < SHORT_PROMPT) {
    issues.push(issueOf('prompt_too_short', prompt.name, { severity: 'warning', issue: 'very short', message: `“${prompt.label}” (${prompt.name}) is very short; the result may be vague.`, fix: 'Say more about what you want to see.', details: { length: text.trim().length } }));
  }
  if (family?.wantsEditVerb && index.slots.some((slot) => draft.has(slot.field.name)) && !words.some((word) => EDIT_VERBS.has(word))) {
    issues.push(issueOf('prompt_lacks_instruction', prompt.name, { severity: 'warning', issue: 'no instruction', message: `“${prompt.label}” (${prompt.name}) does not say what to do with the file.`, fix: 'Say what to change, add or remove.' }));
  }
  if (family?.longText !== undefined && text.length > family.longText) {
    issues.push(issueOf('text_too_long', prompt.name, { severity: 'warning', issue: 'long text', message: `“${prompt.label}” (${prompt.name}) has ${text.length} characters; speech from long texts may be slow or cut off.`, fix: `Split it into parts of about ${family.longText} characters.`, details: { length: text.length, advised: family.longText } }));
  }
  return issues;
}
