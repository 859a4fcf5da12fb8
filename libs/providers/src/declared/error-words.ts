import type { FailureReason } from '@countersign/core';

/**
 * What a failed prediction's `error` text says about why. Documented codes: E1000 unknown, E1001 out of memory,
 * E4875 empty webhook URL; seen in the wild: "flagged as sensitive (E005)".
 */
export function failureReason(error: string): FailureReason {
  if (looksModerated(error)) return 'moderated';
  if (/\bE1001\b|out of memory|\bOOM\b/i.test(error)) return 'out_of_memory';
  if (/timed? ?out|deadline/i.test(error)) return 'timed_out';
  if (/\bE1000\b|\bE4875\b|internal (server )?error|prediction (was )?interrupted|director|queue is full/i.test(error)) return 'provider_error';
  return 'model_error';
}

export function looksModerated(text: string): boolean {
  return /\bE005\b|flagged as sensitive|sensitive content|\bNSFW\b|content (policy|moderation)|moderat(ed|ion)|safety (filter|system|checker)/i.test(text);
}

export const FAILURE_MESSAGES: Record<FailureReason, string> = {
  model_error: 'The model stopped with an error.',
  moderated: "The provider's content check stopped the run.",
  out_of_memory: 'The model ran out of memory: a smaller input may work.',
  timed_out: 'The model did not finish in time.',
  provider_error: 'The provider had trouble running the model. It may work when tried again.',
};
