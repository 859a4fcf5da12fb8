/*
 * What this is: OpenAI's models as data. The API publishes no input schemas, so the forms are ours: names, ranges and words
 * as in its reference, a family per set of limits. A form's version is the digest of its entry: change a limit here and
 * what was approved under the old one does not run.
 * To extend: a line in FAMILIES; what is offered by name stands in OFFERED.
 */
import type { OneCallModel } from '../one-call/one-call-model';
import { chatModel, type ChatFamily } from './chat-model';
import { embeddingModel } from './embedding-model';
import { imageModel, type ImageFamily } from './image-model';
import { speechModel, type SpeechFamily } from './speech-model';

const DATED = '(-\\d{4}-\\d{2}-\\d{2})?';
const family = (names: string): RegExp => new RegExp(`^openai/(${names})${DATED}$`);

const GPT_4O: ChatFamily = { title: 'GPT-4o', description: 'Answers in words, sees pictures.', maxOutput: 16_384, vision: true };
const GPT_41: ChatFamily = { title: 'GPT-4.1', description: 'Answers in words, sees pictures, reads up to a million tokens.', maxOutput: 32_768, vision: true };
const O_SERIES: ChatFamily = { title: 'o-series', description: 'Thinks before it answers; sees pictures.', maxOutput: 100_000, vision: true, efforts: ['low', 'medium', 'high'] };
const GPT_5: ChatFamily = { title: 'GPT-5', description: 'Thinks before it answers; sees pictures.', maxOutput: 128_000, vision: true, efforts: ['minimal', 'low', 'medium', 'high'], verbosity: true };
const GPT_6: ChatFamily = { ...GPT_5, title: 'GPT-6', maxOutput: null, efforts: ['low', 'medium', 'high', 'xhigh', 'max'] };

const IMAGES: ImageFamily = { title: 'GPT Image', description: 'Makes pictures from words.', qualities: ['auto', 'low', 'medium', 'high'] };
const TTS_VOICES = ['alloy', 'ash', 'coral', 'echo', 'fable', 'nova', 'onyx', 'sage', 'shimmer'];
const TTS: SpeechFamily = { title: 'TTS', description: 'Speaks a text.', voices: TTS_VOICES, instructions: false };
const EMBEDDING = { title: 'Text embedding', description: 'Turns a text into numbers that stand for its meaning.' };

const FAMILIES: readonly [RegExp, (model: string) => OneCallModel][] = [
  [family('gpt-4o|gpt-4o-mini'), (model) => chatModel(model, GPT_4O)],
  [family('gpt-4\\.1(-mini|-nano)?'), (model) => chatModel(model, GPT_41)],
  [family('o1|o3|o4-mini'), (model) => chatModel(model, O_SERIES)],
  [family('o3-mini'), (model) => chatModel(model, { ...O_SERIES, description: 'Thinks before it answers.', vision: false })],
  [family('gpt-5(-mini|-nano)?'), (model) => chatModel(model, GPT_5)],
  [family('gpt-5\\.1'), (model) => chatModel(model, { ...GPT_5, title: 'GPT-5.1', efforts: ['none', 'low', 'medium', 'high'] })],
  [family('gpt-5\\.[24](-mini|-nano)?'), (model) => chatModel(model, { ...GPT_5, title: 'GPT-5.2 and 5.4', efforts: ['none', 'low', 'medium', 'high', 'xhigh'] })],
  [family('gpt-6-sol|gpt-6-luna|gpt-6\\.1-terra'), (model) => chatModel(model, { ...GPT_6, efforts: ['none', ...(GPT_6.efforts ?? [])] })],
  [family('gpt-6-astra|gpt-6\\.1-sol'), (model) => chatModel(model, GPT_6)],
  [family('gpt-image-1-mini|gpt-image-1\\.5|gpt-image-2|gpt-image-2\\.6-(flare|sunburst)|chatgpt-image-latest'), (model) => imageModel(model, IMAGES)],
  [family('gpt-image-2\\.5-(flare|sunburst)'), (model) => imageModel(model, { ...IMAGES, qualities: [...IMAGES.qualities, 'xhigh', 'max'] })],
  [family('tts-1|tts-1-hd'), (model) => speechModel(model, TTS)],
  [family('gpt-4o-mini-tts'), (model) => speechModel(model, { ...TTS, title: 'GPT-4o mini TTS', voices: [...TTS_VOICES, 'ballad', 'verse'], instructions: true })],
  [family('text-embedding-3-small'), (model) => embeddingModel(model, { ...EMBEDDING, dimensions: 1_536 })],
  [family('text-embedding-3-large'), (model) => embeddingModel(model, { ...EMBEDDING, dimensions: 3_072 })],
];

const COMPATIBLE: ChatFamily = {
  title: 'Chat model', description: 'A model of a server that speaks the wire format of OpenAI; its own limits are not known here.', maxOutput: null, vision: true, isCompatible: true,
};
const COMPATIBLE_NAME = /^openai\/[A-Za-z0-9][\w.-]{0,99}$/;

/** Offered by name; dated names of the same families are taken too. */
export const OFFERED = [
  'gpt-6.1-sol', 'gpt-6-luna', 'gpt-5.4', 'gpt-5.4-mini', 'gpt-5-mini', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4o', 'gpt-4o-mini', 'o4-mini',
  'gpt-image-2.5-sunburst', 'gpt-image-2', 'gpt-image-1-mini', 'gpt-4o-mini-tts', 'tts-1', 'text-embedding-3-small', 'text-embedding-3-large',
].map((name) => `openai/${name}`);

/** @param isCompatible the base URL is another server's: unknown names are chat models of it. */
export function openAiModel(model: string, isCompatible: boolean): OneCallModel | null {
  const make = FAMILIES.find(([names]) => names.test(model))?.[1];
  if (make) return make(model);
  return isCompatible && COMPATIBLE_NAME.test(model) ? chatModel(model, COMPATIBLE) : null;
}
