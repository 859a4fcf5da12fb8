import { declareForm } from '../declared/declared-form';
import { valueOf } from '../declared/check-input';
import { InputRefusedError, LOCAL } from './local-model';
import type { LocalModel } from './local-model';

const MAX_TEXT_LENGTH = 5_000; // characters: about five minutes of speech, ten megabytes, five seconds of work

const form = declareForm({
  provider: LOCAL, model: 'local/speak', version: '1', title: 'Speak',
  description: 'Reads an English text aloud with Flite, on this machine. Gives a WAV file.',
  fields: [
    {
      name: 'text', type: 'string', role: { kind: 'prompt' }, required: true, minLength: 1, maxLength: MAX_TEXT_LENGTH,
      description: 'The text to speak. English; letters that Flite does not know are left out, and the answer says so.',
    },
    { name: 'voice', type: 'string', enum: ['slt', 'rms', 'awb', 'kal16', 'kal'], default: 'slt', description: 'slt is a woman; rms, awb (Scottish), kal16 and kal (robot-like) are men.' },
    { name: 'speed', type: 'number', default: 1, minimum: 0.5, maximum: 2, description: '1 is natural, 2 is twice as fast.' },
  ],
  output: { kind: 'uri', media: 'audio' },
});

export const speak: LocalModel = {
  form,
  async start({ input, run }) {
    const { text, lost } = speakable(String(input['text']));
    if (!/[a-z0-9]/i.test(text)) throw new InputRefusedError('text', 'unsupported_text', 'holds nothing that can be spoken: the voices know English only');
    const { wav } = await run({
      task: 'speak',
      input: { text, voice: String(valueOf(form, input, 'voice')), stretch: 1 / Number(valueOf(form, input, 'speed')) },
    });
    return {
      raw: null,
      parts: [{ kind: 'file', pointer: '', source: { bytes: wav }, mime: 'audio/wav', name: 'speech.wav' }],
      doubts: lost === 0 ? [] : [`${lost} letters of the text could not be spoken.`],
    };
  },
};

const SPELLINGS: readonly [RegExp, string][] = [
  [/[\u2018\u2019\u201B\u2032]/g, "'"], [/[\u201C-\u201F\u2033«»]/g, '"'], [/[\u2010-\u2015\u2212]/g, '-'], [/\u2026/g, '...'],
  [/ß/g, 'ss'], [/[æÆ]/g, 'ae'], [/[øØ]/g, 'o'], [/[łŁ]/g, 'l'], [/€/g, ' euros '], [/£/g, ' pounds '], [/\p{M}/gu, ''],
];

/** @returns the text in ASCII, which is all that Flite reads, and how many letters and digits fell away. */
function speakable(text: string): { text: string; lost: number } {
  const spelled = SPELLINGS.reduce((words, [from, to]) => words.replace(from, to), text.normalize('NFKD'));
  const lost = spelled.match(/(?![\0-\x7f])[\p{L}\p{N}]/gu)?.length ?? 0;
  return { text: spelled.replace(/[^\x20-\x7e]+/g, ' ').trim(), lost };
}
