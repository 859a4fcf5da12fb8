import type { ApprovalView } from '@countersign/contracts';
import { objectOf, textOf } from '../form/fields';

/** More does not fit into two lines of the list. */
const SHOWN = 120;

/** What tells this card from its neighbours: the requester's own words, else what the question says. */
export function excerptOf({ payload, schema, message, checkpoint_type: type }: Pick<ApprovalView, 'payload' | 'schema' | 'message' | 'checkpoint_type'>): string {
  const prompt = Object.entries(objectOf(schema.properties)).find(([, field]) => isPrompt(objectOf(field)['x-role']))?.[0] ?? 'prompt';
  const text = (type === 'validation_review' ? '' : textOf(payload?.input[prompt])) || message;
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

/** `x-role` is a word, or an object with `kind`. */
function isPrompt(role: unknown): boolean {
  return role === 'prompt' || (typeof role === 'object' && role !== null && 'kind' in role && role.kind === 'prompt');
}
