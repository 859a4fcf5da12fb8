import { declareForm } from '../declared/declared-form';
import { given } from '../one-call/chat-fields';
import { wireName, type AnswerReading, type OneCallModel, type WholeAnswer } from '../one-call/one-call-model';

export interface SpeechFamily {
  title: string;
  description: string;
  voices: readonly string[];
  /** Takes words on how to speak. */
  instructions: boolean;
}

const MAX_INPUT = 4_096; // characters, of the API
const FORMATS = ['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm'];
const FIELDS = ['input', 'voice', 'instructions', 'response_format', 'speed'];

export function speechModel(model: string, { title, description, voices, instructions }: SpeechFamily): OneCallModel {
  const form = declareForm({
    provider: 'openai', model, title, description,
    fields: [
      { name: 'input', label: 'Text', type: 'string', role: { kind: 'prompt' }, required: true, minLength: 1, maxLength: MAX_INPUT, description: 'The words that are spoken.' },
      { name: 'voice', type: 'string', enum: [...voices], default: 'alloy', description: 'Who speaks.' },
      ...(instructions ? [{ name: 'instructions', type: 'string' as const, role: { kind: 'text' as const }, description: 'How it is spoken: mood, pace, accent.' }] : []),
      { name: 'response_format', label: 'Format', type: 'string', enum: FORMATS, default: 'mp3', description: 'The kind of file.' },
      { name: 'speed', type: 'number', minimum: 0.25, maximum: 4, default: 1, description: 'One is the normal speed.' },
    ],
    output: { kind: 'uri', media: 'audio' },
  });
  return {
    form, path: '/audio/speech', fieldByParam: {},
    mostTokensOut: () => null,
    // The API wants a voice; the form's own is ours to send.
    body: (input) => ({ model: wireName(form), voice: 'alloy', ...given(input, FIELDS) }),
    read: readSpeech,
  };
}

function readSpeech({ headers, bytes }: WholeAnswer): AnswerReading {
  const mime = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? null;
  if (bytes.byteLength === 0 || mime === 'application/json') return { ok: false, why: 'the answer holds no sound' };
  return {
    ok: true,
    output: { raw: null, parts: [{ kind: 'file', pointer: '', source: { bytes }, mime: mime === '' ? null : mime, name: null }], doubts: [] },
    usage: null,
  };
}
