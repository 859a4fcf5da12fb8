import type { FormSource } from '../form/form-from-open-api';
import { openApi, uri, type Property } from './open-api';

function source(model: string, description: string, properties: Record<string, Property>, required: string[] = []): FormSource {
  return { provider: 'replicate', model, version: 'v1', digest: '0', title: model, description, schema: openApi(properties, required) };
}

/** Invented models with several files, or files in unusual places. */
export const MEDIA_SCHEMAS: readonly FormSource[] = [
  source('acme/mirror-face-swap', 'Swap faces between two pictures', { source_image: uri('Face to take'), target_image: uri('Picture to put it in') }),
  source('acme/what-caption', 'Image captioning', {
    image: uri('Picture'), caption_length: { type: 'string', enum: ['short', 'long'], default: 'short' }, prompt: { type: 'string', default: 'Describe this image', description: 'Question about the picture' },
  }, ['image']),
  source('acme/move-image-to-video', 'Image to video with start and end frame', {
    prompt: { type: 'string', description: 'What happens' }, first_frame_image: uri('First frame of the video'), last_frame_image: uri('Last frame of the video (pro mode is required when this parameter is set)'),
    mode: { type: 'string', enum: ['standard', 'pro'], default: 'standard' }, duration: { type: 'integer', enum: [6, 10], default: 6, description: 'Length in seconds. 10 seconds is only available for 768p resolution.' },
    resolution: { type: 'string', enum: ['768p', '1080p'], default: '1080p' },
  }, ['prompt', 'first_frame_image']),
  source('acme/clay-image-to-3d', '3D from a single image', { images: { type: 'array', items: { type: 'string', format: 'uri' }, description: 'Pictures of the object' }, texture_size: { type: 'integer', minimum: 512, maximum: 2048, default: 1024 } }, ['images']),
  source('acme/puppet-lip-sync', 'Lip sync a video to speech', {
    video_url: { type: 'string', description: 'URL of the video. Cannot be used with video_id.' }, video_id: { type: 'string', description: 'ID of an earlier video. Cannot be used with video_url.' },
    audio_file: uri('Speech to sync'), text: { type: 'string', description: 'Text to speak (if not using audio)' }, voice_speed: { type: 'number', minimum: 0.8, maximum: 2, default: 1 },
  }),
  source('acme/many-ways-transcribe', 'Transcription', {
    file_string: { type: 'string', description: 'Either provide: Base64 encoded audio file' }, file_url: { type: 'string', description: 'Or provide: a direct audio file URL' }, file: uri('Or an audio file'),
  }),
  source('acme/collage', 'Compose pictures', { prompt: { type: 'string' }, image_1: uri('First picture'), image_2: uri('Second picture'), image_3: uri('Third picture') }, ['prompt']),
  source('acme/fit-try-on', 'Virtual try on', { human_img: uri('Person'), garm_img: uri('Garment'), garment_des: { type: 'string', description: 'Description of the garment' } }, ['human_img', 'garm_img']),
  source('acme/ref-gallery', 'Pictures in the manner of others', { prompt: { type: 'string' }, reference_image_urls: { type: 'string', description: 'Comma-separated list of image URLs' } }, ['prompt']),
  source('acme/sing-music', 'Text to music generation', { prompt: { type: 'string' }, duration: { type: 'integer', minimum: 1, maximum: 30, default: 8 }, input_audio: uri('Melody to continue (optional)'), output_format: { type: 'string', enum: ['wav', 'mp3'], default: 'wav' } }),
  source('acme/outline-segment', 'Finds objects in a picture', { image: uri('Picture'), threshold: { type: 'number', minimum: 0, maximum: 1, default: 0.5 } }),
];
