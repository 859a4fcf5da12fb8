import type { FormSource } from '../form/form-from-open-api';
import { MEDIA_SCHEMAS } from './media-schemas';
import { openApi, uri, type Property } from './open-api';

function source(model: string, description: string, properties: Record<string, Property>, required: string[] = []): FormSource {
  return { provider: 'replicate', model, version: 'v1', digest: '0', title: model, description, schema: openApi(properties, required) };
}

/** Invented models of the usual kinds, in the shapes the wild has: enums by reference and in line, lists missing, samples as defaults. */
export const SCHEMAS: readonly FormSource[] = [
  source('acme/cutout-rembg', 'Removes the background of a picture', {
    img: { ...uri('Picture to cut out'), default: '' }, alpha_matting: { type: 'boolean', default: false }, background: { type: 'string', default: '', description: 'Colour behind the subject' },
  }),
  source('acme/listen-whisper', 'Speech to text with speaker diarization', {
    file: { ...uri('Recording to transcribe') }, language: { type: 'string', enum: ['auto', 'en', 'de', 'fr'], default: 'auto' }, diarize: { type: 'boolean', default: false },
    hf_token: { type: 'string', description: 'Hugging Face token, required for diarization' }, prompt: { type: 'string', description: 'Optional words that guide the spelling' }, batch_size: { type: 'integer', minimum: 1, maximum: 64, default: 24 },
  }),
  source('acme/parrot-tts', 'Text to speech with voice cloning', {
    text: { type: 'string', default: 'Hello there, this is how I sound.', description: 'What to say' }, speaker_wav: uri('Voice to clone (optional)'),
    language: { ref: 'language', enum: ['en', 'es', 'fr'], type: 'string', default: 'en' }, speed: { type: 'number', minimum: 0.5, maximum: 2, default: 1 }, voice: { type: 'string', enum: ['Ada', 'Ben'], default: 'Ada' },
  }),
  source('acme/bigger-upscaler', 'Upscale pictures', {
    image: uri('Picture'), scale_factor: { type: 'integer', enum: [2, 4], default: 2 }, prompt: { type: 'string', default: 'masterpiece, best quality, highres', description: 'Prompt' }, creativity: { type: 'number', minimum: 0, maximum: 1, default: 0.35 },
  }, ['image']),
  source('acme/brush-image-edit', 'Edit images by instruction, one or several', {
    prompt: { type: 'string', description: 'What to change' }, input_images: { type: 'array', items: { type: 'string', format: 'uri' }, default: [], maxItems: 3, description: 'Images to edit' },
    aspect_ratio: { type: 'string', enum: ['match_input_image', '1:1', '16:9', '9:16'], default: 'match_input_image' }, seed: { type: 'integer', nullable: true },
  }, ['prompt']),
  source('acme/dream-xl', 'A text-to-image model', {
    prompt: { type: 'string', default: 'A fox made of autumn leaves', description: 'Prompt' }, negative_prompt: { type: 'string', default: '' }, num_outputs: { type: 'integer', minimum: 1, maximum: 4, default: 1 },
    aspect_ratio: { ref: 'aspect_ratio', type: 'string', enum: ['1:1', '16:9', '9:16', 'custom'], default: '1:1' }, width: { type: 'integer', minimum: 256, maximum: 1440, description: 'Width in pixels. Only used when aspect_ratio=custom.' },
    height: { type: 'integer', minimum: 256, maximum: 1440, description: 'Height in pixels. Only used when aspect_ratio=custom.' }, output_format: { type: 'string', enum: ['webp', 'jpg', 'png'], default: 'webp' },
    num_inference_steps: { type: 'integer', minimum: 1, maximum: 50, default: 28 }, guidance_scale: { type: 'number', minimum: 0, maximum: 20, default: 3.5 }, go_fast: { type: 'boolean', default: true },
  }),
  source('acme/patch-inpaint', 'Fill a masked part of a picture', {
    image: uri('Picture'), mask: uri('Mask, white is filled'), prompt: { type: 'string', description: 'What to paint' }, strength: { type: 'number', minimum: 0, maximum: 1, default: 0.9 },
  }, ['image', 'mask', 'prompt']),
  source('acme/small-llm-chat', 'A language model for chat', {
    prompt: { type: 'string', description: 'Prompt' }, system_prompt: { type: 'string', default: 'Be helpful.' }, max_new_tokens: { type: 'integer', minimum: 1, maximum: 4096, default: 512 },
    temperature: { type: 'number', minimum: 0, maximum: 2, default: 0.7 }, top_p: { type: 'number', minimum: 0, maximum: 1, default: 0.9 }, stop_sequences: { type: 'string', description: 'A comma-separated list of stop sequences' },
  }, ['prompt']),
  ...MEDIA_SCHEMAS,
];

export function schemaOf(model: string): FormSource {
  const found = SCHEMAS.find((one) => one.model === model);
  if (!found) throw new Error(`no schema ${model}`);
  return found;
}

