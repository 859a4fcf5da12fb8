import type { ValidationRequest } from '@countersign/core';

/** A request with nothing in it but what the test is about. */
export function requestOf(part: Partial<ValidationRequest> = {}): ValidationRequest {
  return { prompt: '', parameters: {}, attachments: [], conversation: [], edits: {}, observations: [], ...part };
}
