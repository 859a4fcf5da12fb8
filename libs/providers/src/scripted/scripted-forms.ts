import type { Form } from '@countersign/core';
import { declareForm } from '../declared/declared-form';
import type { DeclaredField } from '../declared/declared-form';

/** What a scripted run can be told to do. */
export const OUTCOMES = ['succeed', 'fail', 'refuse_input', 'moderate', 'throttle', 'unclear', 'doubt'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const MAX_DELAY_MS = 600_000; // ten minutes: longer than any demo, shorter than an approval's life
const MAX_PROMPT_LENGTH = 20_000; // characters; a prompt, not a document

const VERSION = '1';

const PROMPT: DeclaredField = {
  name: 'prompt', type: 'string', description: 'The words to work on.',
  role: { kind: 'prompt' }, required: true, minLength: 1, maxLength: MAX_PROMPT_LENGTH,
};

const SCRIPT: DeclaredField[] = [
  {
    name: 'delay_ms', label: 'Delay', type: 'integer', default: 0, minimum: 0, maximum: MAX_DELAY_MS,
    description: 'Milliseconds until the run ends.',
  },
  {
    name: 'outcome', type: 'string', enum: [...OUTCOMES], default: 'succeed',
    description: 'How the run ends: succeed; fail; refuse_input, moderate and throttle (the provider says no); unclear (the launch gets no answer); doubt (success without output).',
  },
  {
    name: 'quality', type: 'number', default: 1, minimum: 0, maximum: 1,
    description: 'The quality that the look at the answer reports.',
  },
  {
    name: 'safety_flag', type: 'string', enum: ['none', 'nsfw', 'pii', 'copyright'], default: 'none',
    description: 'The safety flag that the look at the answer reports.',
  },
  {
    name: 'reference', label: 'Reference picture', type: 'string', role: { kind: 'file', media: 'image', use: 'reference', shape: 'url' },
    description: 'A picture to go with the words. It is opened, so that an unreadable one is refused; it does not change the answer.',
  },
];

const WORDS: DeclaredField[] = [
  { name: 'uppercase', type: 'boolean', default: false, description: 'Answer in capital letters.' },
  { name: 'repeat', type: 'integer', default: 1, minimum: 1, maximum: 10, description: 'How many times to say it.' },
];

const SIZE: DeclaredField[] = ['width', 'height'].map((name) => ({
  name, type: 'integer', default: 64, minimum: 8, maximum: 512, description: `The picture's ${name} in pixels.`,
}));

const PALETTE: DeclaredField = {
  name: 'palette', type: 'string', enum: ['warm', 'cold', 'grey'], default: 'warm', description: 'The colours of the picture.',
};

export const SCRIPTED_FORMS: readonly Form[] = [
  declareForm({
    provider: 'scripted', model: 'scripted/echo', version: VERSION, title: 'Echo',
    description: 'Answers with the prompt, in the same call.',
    fields: [PROMPT, ...WORDS, ...SCRIPT], output: { kind: 'text' },
  }),
  declareForm({
    provider: 'scripted', model: 'scripted/image', version: VERSION, title: 'Test picture',
    description: 'Draws a small PNG that depends on the prompt alone, in the same call.',
    fields: [PROMPT, PALETTE, ...SIZE, ...SCRIPT], output: { kind: 'uri', media: 'image' },
  }),
  declareForm({
    provider: 'scripted', model: 'scripted/job', version: VERSION, title: 'Job',
    description: 'Starts a job that must be followed; ends with the prompt and a small PNG.',
    fields: [PROMPT, ...WORDS, PALETTE, ...SIZE, ...SCRIPT], output: { kind: 'object' },
  }),
];
