/*
 * What this is: Anthropic's models as data: the forms are ours, a family per set of limits. A form's version is the digest of
 * its entry. The newest models refuse temperature, top_p and top_k.
 * To extend: a line in FAMILIES; what is offered by name stands in OFFERED.
 */
import type { OneCallModel } from '../one-call/one-call-model';
import { messagesModel, type ClaudeFamily } from './messages-model';

const family = (names: string): RegExp => new RegExp(`^anthropic/claude-(${names})(-\\d{8})?$`);
const CLAUDE: ClaudeFamily = { title: 'Claude', description: 'Answers in words, sees pictures.', maxOutput: 128_000, sampling: false };

const FAMILIES: readonly [RegExp, ClaudeFamily][] = [
  [family('fable-5|fable-5-1|opus-5|opus-5-5|sonnet-5|sonnet-5-5|haiku-5-5|opus-4-8|opus-4-7'), CLAUDE],
  [family('opus-4-6|sonnet-4-6'), { ...CLAUDE, sampling: true }],
  [family('opus-4-5|sonnet-4-5|haiku-4-5'), { ...CLAUDE, maxOutput: 64_000, sampling: true }],
  [family('opus-4-1'), { ...CLAUDE, maxOutput: 32_000, sampling: true }],
];

/** Offered by name; dated names of the same families are taken too. */
export const OFFERED = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-fable-5-1', 'claude-sonnet-4-6', 'claude-haiku-4-5'].map((name) => `anthropic/${name}`);

export function anthropicModel(model: string): OneCallModel | null {
  const found = FAMILIES.find(([names]) => names.test(model))?.[1];
  return found ? messagesModel(model, found) : null;
}
