import type { FormField, Issue } from '@countersign/core';
import type { Draft } from '../draft';
import { issueOf } from '../issue';
import { settleValue } from '../fixes/settle-value';
import type { FormIndex } from '../form/form-index';
import { spellingOf, wordsOfText } from '../form/name-words';
import { FILLER_WORDS, ORDER_FIELDS } from '../rules/prompt.rules';

const MAX_INSTRUCTION = 200; // characters; a longer text says more than "do your job"

/** True when the text only tells the model to do what it does anyway. */
export function isOnlyInstruction(text: string, index: FormIndex): boolean {
  const { family } = index;
  if (!family || text.length > MAX_INSTRUCTION) return false;
  const words = wordsOfText(text, MAX_INSTRUCTION);
  return words.some((word) => family.instructionWords.includes(word)) && words.every((word) => family.instructionWords.includes(word) || FILLER_WORDS.has(word));
}

/** The words in the message and other words as a parameter: the parameter counts, and nothing is lost unsaid. */
function notSent({ name }: FormField): Issue {
  return issueOf('unknown_field', 'prompt', {
    severity: 'warning', issue: 'the message is not sent', message: `The words of the message are not sent: “${name}” is given as a parameter, with other words.`,
    fix: `Take the parameter “${name}” away to send the message instead.`, details: { same_as: name },
  });
}

/** Puts the user's words, verbatim, where the model reads words. */
export function placePrompt(text: string, index: FormIndex, draft: Draft): void {
  const { prompt, form, family } = index;
  if (!prompt || text.trim() === '' || draft.cleared.has(prompt.name) || draft.failed.has(prompt.name)) return;
  if (draft.has(prompt.name)) {
    if (draft.valueOf(prompt.name) === text) draft.promptField = prompt.name;
    else if (draft.originOf(prompt.name) === 'parameter' && !isOnlyInstruction(text, index)) draft.issues.push(notSent(prompt));
    return;
  }
  const readsOrders = family?.followsOrders === true && ORDER_FIELDS.has(spellingOf(prompt.name));
  if (family?.wordsOptional && !readsOrders && !prompt.effectivelyRequired && isOnlyInstruction(text, index)) return;
  const rival = form.rules.some((rule) => (rule.kind === 'exactly_one' || rule.kind === 'at_most_one') && rule.fields.includes(prompt.name)
    && rule.fields.some((name) => name !== prompt.name && draft.has(name) && JSON.stringify(draft.valueOf(name)) !== '[]'));
  const stoodIn = !prompt.effectivelyRequired && isOnlyInstruction(text, index)
    && form.rules.some((rule) => rule.kind === 'at_least_one' && rule.fields.includes(prompt.name));
  if (rival || stoodIn) return;
  const settled = settleValue(prompt, text);
  if (settled.kind === 'issues') { draft.report(prompt.name, settled.issues); draft.promptField = prompt.name; }
  else if (settled.kind === 'value') {
    draft.place(prompt, { value: settled.value, origin: 'prompt', before: text, rules: [] });
    draft.promptField = prompt.name;
  }
}
