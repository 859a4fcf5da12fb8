import type { JsonObject } from '@countersign/core';
import { choice, choices, type EmulatedModel, type MakeContext } from './model-catalogue';
import { cutOut, enlarge, picture, sound, type PictureFormat } from './sample-media';

const START_MS = 20; // a warm model
const RUN_MS = 60;
const SLOW_MS = 600_000; // longer than anyone waits: it is there to be cancelled

const URI = { type: 'string', format: 'uri' };
const FORMATS = ['webp', 'jpg', 'png'];
const MIMES: Record<PictureFormat, string> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp' };

/** Self-written stand-ins under names people know: forms of the real kind, results that open. */
export const EMULATED_MODELS: EmulatedModel[] = [
  {
    owner: 'black-forest-labs', name: 'flux-schnell', description: 'Stand-in: draws a colour field for any words.', isOfficial: true,
    input: {
      required: ['prompt'],
      properties: {
        prompt: { type: 'string', description: 'Prompt for generated image' },
        aspect_ratio: choice('aspect_ratio', 'Aspect ratio for the generated image', '1:1'),
        num_outputs: { type: 'integer', default: 1, minimum: 1, maximum: 4, description: 'Number of outputs to generate' },
        num_inference_steps: { type: 'integer', default: 4, minimum: 1, maximum: 4, description: 'Number of denoising steps. 4 is recommended, and lower number of steps produce lower quality outputs, faster.' },
        seed: { type: 'integer', description: 'Random seed. Set for reproducible generation' },
        output_format: choice('output_format', 'Format of the output images', 'webp'),
        output_quality: { type: 'integer', default: 80, minimum: 0, maximum: 100, description: 'Quality when saving the output images, from 0 to 100. Not relevant for .png outputs' },
        disable_safety_checker: { type: 'boolean', default: false, description: 'Disable safety checker for generated images.' },
      },
    },
    output: { type: 'array', items: URI },
    schemas: { aspect_ratio: choices('aspect_ratio', ['1:1', '16:9', '9:16', '4:3']), output_format: choices('output_format', FORMATS) },
    startMs: START_MS, runMs: RUN_MS,
    make: async (input, context) => {
      const prompt = text(input, 'prompt', '');
      if (/\bnsfw\b/i.test(prompt)) return { error: 'The input or output was flagged as sensitive. Please try again with different inputs. (E005)' };
      const format = text(input, 'output_format', 'webp') as PictureFormat;
      const [across, down] = text(input, 'aspect_ratio', '1:1').split(':').map(Number);
      const output: string[] = [];
      for (let index = 0; index < number(input, 'num_outputs', 1); index += 1) {
        const drawn = await picture(`${prompt} ${index} ${number(input, 'seed', 0)}`, 256, Math.round((256 * (down ?? 1)) / (across ?? 1)), format);
        output.push(context.deliver(`out-${index}.${format}`, MIMES[format], drawn));
      }
      return { output };
    },
  },
  {
    owner: 'lucataco', name: 'remove-bg', description: 'Stand-in: cuts an oval out of a picture.', isOfficial: false,
    input: {
      required: ['image'],
      properties: {
        image: { ...URI, description: 'Input image' },
        threshold: { type: 'number', default: 0.5, minimum: 0, maximum: 1, description: 'How sure a pixel must be background' },
      },
    },
    output: URI, startMs: START_MS, runMs: RUN_MS,
    make: (input, context) => fromPicture(input, context, cutOut),
  },
  {
    owner: 'nightmareai', name: 'real-esrgan', description: 'Stand-in: makes a picture larger.', isOfficial: false,
    input: {
      required: ['image'],
      properties: {
        image: { ...URI, description: 'Input image' },
        scale: { type: 'number', default: 4, minimum: 0, maximum: 10, description: 'Factor to scale image by' },
        face_enhance: { type: 'boolean', default: false, description: 'Run GFPGAN face enhancement along with upscaling' },
      },
    },
    output: URI, startMs: START_MS, runMs: RUN_MS,
    make: (input, context) => fromPicture(input, context, (bytes) => enlarge(bytes, number(input, 'scale', 4))),
  },
  {
    owner: 'jaaari', name: 'kokoro-82m', description: 'Stand-in: one tone per word.', isOfficial: false,
    input: {
      required: ['text'],
      properties: {
        text: { type: 'string', description: 'Text input (long text is automatically split)' },
        voice: choice('voice', 'Voice to use for synthesis', 'af_bella'),
        speed: { type: 'number', default: 1, minimum: 0.1, maximum: 5, description: 'Speech speed multiplier (0.5 = half speed, 2.0 = double speed)' },
      },
    },
    output: URI, schemas: { voice: choices('voice', ['af_bella', 'af_sarah', 'am_adam']) }, startMs: START_MS, runMs: RUN_MS,
    make: (input, context) => ({ output: context.deliver('output.wav', 'audio/wav', sound(text(input, 'text', ''), number(input, 'speed', 1))) }),
  },
  {
    owner: 'meta', name: 'meta-llama-3-8b-instruct', description: 'Stand-in: answers by counting your words.', isOfficial: true, streams: true,
    input: {
      required: ['prompt'],
      properties: {
        prompt: { type: 'string', title: 'Prompt', description: 'Prompt to send to the model.' },
        system_prompt: { type: 'string', default: 'You are a helpful assistant', description: 'System prompt to send to the model.' },
        max_tokens: { type: 'integer', default: 512, minimum: 1, description: 'Maximum number of tokens to generate.' },
        temperature: { type: 'number', default: 0.7, minimum: 0, maximum: 5, description: 'Controls randomness.' },
      },
    },
    output: { type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator', 'x-cog-array-display': 'concatenate' },
    startMs: START_MS, runMs: RUN_MS * 4,
    make: (input) => {
      const words = text(input, 'prompt', '').split(/\s+/).filter((word) => word !== '');
      const answer = `You sent ${words.length} word${words.length === 1 ? '' : 's'}. The first is "${words[0] ?? ''}". I am a stand-in and know no more.`;
      return { output: (answer.match(/\s*\S+/g) ?? []).slice(0, number(input, 'max_tokens', 512)) };
    },
  },
  {
    owner: 'openai', name: 'whisper', description: 'Stand-in: "transcribes" a sound by its size.', isOfficial: false,
    input: {
      required: ['audio'],
      properties: {
        audio: { ...URI, description: 'Audio file' },
        transcription: choice('transcription', 'Choose the format for the transcription', 'plain text'),
        translate: { type: 'boolean', default: false, description: 'Translate the text to English when set to True' },
        language: { type: 'string', default: 'auto', description: 'Language spoken in the audio' },
      },
    },
    output: {
      type: 'object', required: ['detected_language', 'transcription'],
      properties: {
        segments: { title: 'Segments' },
        srt_file: { ...URI, title: 'Srt File', nullable: true },
        transcription: { type: 'string', title: 'Transcription' },
        detected_language: { type: 'string', title: 'Detected Language' },
      },
    },
    schemas: { transcription: choices('transcription', ['plain text', 'srt', 'vtt']) }, startMs: START_MS, runMs: RUN_MS,
    make: (input, context) => {
      const heard = `A sound of ${context.read(text(input, 'audio', ''))?.byteLength ?? 'unknown'} bytes.`;
      const srt = `1\n00:00:00,000 --> 00:00:01,000\n${heard}\n`;
      const file = text(input, 'transcription', 'plain text') === 'plain text' ? null : context.deliver('audio.srt', 'text/plain', new TextEncoder().encode(srt));
      return { output: { segments: [{ id: 0, start: 0, end: 1, text: heard }], srt_file: file, transcription: heard, detected_language: 'english' } };
    },
  },
  {
    owner: 'countersign', name: 'slow-painter', description: 'Stand-in: takes ten minutes, to be cancelled.', isOfficial: false,
    input: { required: ['prompt'], properties: { prompt: { type: 'string', description: 'What to paint' } } },
    output: URI, startMs: START_MS, runMs: SLOW_MS,
    make: async (input, context) => ({ output: context.deliver('slow.png', 'image/png', await picture(text(input, 'prompt', ''), 256, 256, 'png')) }),
  },
];

async function fromPicture(input: JsonObject, context: MakeContext, make: (bytes: Uint8Array) => Promise<Uint8Array | null>) {
  const url = text(input, 'image', '');
  const bytes = context.read(url) ?? (await picture(url, 128, 128, 'png'));
  const made = await make(bytes);
  return made ? { output: context.deliver('output.png', 'image/png', made) } : { error: 'cannot identify image file' };
}

function text(input: JsonObject, name: string, otherwise: string): string {
  const value = input[name];
  return typeof value === 'string' ? value : otherwise;
}

function number(input: JsonObject, name: string, otherwise: number): number {
  const value = input[name];
  return typeof value === 'number' ? value : otherwise;
}
