import type { Json, ProviderOutput } from '@countersign/core';
import { auditAnswer } from './answer-audit';

const say = (text: string): ProviderOutput => ({ raw: text, parts: [{ kind: 'text', pointer: '', text }], doubts: [] });
const object = (value: Json, doubts: string[] = []): ProviderOutput => ({ raw: value, parts: [{ kind: 'json', pointer: '', value }], doubts });

it.each<[string, ProviderOutput, object]>([
  ['plain text', say('a fine day'), { text: 'a fine day', quality: null, flags: [] }],
  ['nothing', say(' '), { quality: 0 }],
  ['a refusal', say("I'm sorry, but I can't help with that."), { quality: 0.3 }],
  ['doubts', object(null, ['no output']), { text: null, quality: 0.2 }],
  ['words in an object', object({ transcription: 'hello', segments: [] }), { text: 'hello' }],
  ['a copyright notice', say('© 2024 Example Corp'), { flags: [{ flag: 'copyright' }] }],
  ['a model that judges itself', object({ nsfw_content_detected: [false, true] }), { flags: [{ flag: 'nsfw', score: 1 }] }],
  ['a model that clears itself', object({ nsfw: false }), { flags: [] }],
])('%s', (_, output, audit) => {
  expect(auditAnswer(output)).toMatchObject(audit);
});
