import { at, type RightAnswer } from './right-answer';

const DOT = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** Requests to models whose schemas people may keep beside the repository, by a judge who had not read the code, and a dozen of the other answers for their form only. */
export const HELD_OUT_ANSWERS: readonly RightAnswer[] = [
  { id: 'nothing to upscale', model: 'nightmareai/real-esrgan', prompt: 'Upscale it four times', errors: ['image missing_required'] },
  { id: 'a width and no words', model: 'cjwbw/pixart-sigma', params: { width: 768 }, errors: ['prompt missing_required'] },
  { id: 'nothing at all', model: 'nitrosocke/archer-diffusion', errors: ['prompt missing_required'] },
  { id: 'a room without its mask', model: 'spacely-ai/spacely-realistic-inpaint', prompt: 'a green sofa', files: ['sofa.png'], errors: ['mask_image missing_required'], mapped: { image: 'sofa.png' } },
  { id: 'a drawing without a style', model: 'pschaldenbrand/style-clip-draw', prompt: 'a lighthouse', errors: ['style_image missing_required'] },
  { id: 'a face and no pose to take', model: 'catio-apps/ip_adapter-face-controlnet-realistic_vision', prompt: 'a portrait of a sailor', files: ['face.jpg'], errors: ['pose_image missing_required'], mapped: { face_image: 'face.jpg' } },
  { id: 'a code that points nowhere', model: 'qr2ai/qr2ai', prompt: 'a mossy forest', errors: ['qr_code_content missing_required'] },
  { id: 'orders and no question', model: 'meta/meta-llama-3-8b-instruct', params: { system_prompt: 'Be brief' }, errors: ['prompt missing_required'] },
  { id: 'no track to judge', model: 'mtg/maest', prompt: 'what style is this track?', errors: ['audio missing_required'] },
  { id: 'a beach to widen, not attached', model: 'wolverinn/realisticoutpainter', prompt: 'a wide beach', errors: ['image missing_required'] },

  { id: 'names of the newer chat models', model: 'lucataco/llama-2-13b-chat', prompt: 'Name three rivers', params: { max_tokens: 200, system: 'You are terse' }, input: { prompt: 'Name three rivers', max_new_tokens: 200, system_prompt: 'You are terse' }, fixed: ['max_new_tokens', 'system_prompt'] },
  { id: 'names of other picture models', model: 'lucataco/realvisxl-v2-img2img', prompt: 'a watercolor fox', params: { image_url: at('fox.png'), steps: 30, cfg_scale: 6 }, input: { prompt: 'a watercolor fox', image: at('fox.png'), num_inference_steps: 30, guidance_scale: 6 }, fixed: ['image', 'num_inference_steps', 'guidance_scale'] },
  { id: 'a melody by address', model: 'justmalhar/musicgen-lofi-gaming', prompt: 'slow lofi beat, 70 bpm', params: { audio_url: at('hum.wav') }, input: { prompt: 'slow lofi beat, 70 bpm', input_audio: at('hum.wav') }, fixed: ['input_audio'] },
  { id: 'names of the usual upscalers', model: 'fewjative/ultimate-sd-upscale', prompt: 'a detailed castle', params: { img: at('castle.png'), cfg_scale: 7, num_inference_steps: 30 }, input: { positive_prompt: 'a detailed castle', image: at('castle.png'), cfg: 7, steps: 30 }, fixed: ['image', 'cfg', 'steps'] },
  { id: 'steps', model: 'nightmareai/k-diffusion', prompt: 'a glass orb on moss', params: { steps: 200 }, input: { text_prompt: 'a glass orb on moss', n_steps: 200 }, fixed: ['n_steps'] },
  { id: 'two images without blur', model: 'cjwbw/hyper-sdxl-1step-t2i', prompt: 'a tabby cat', params: { num_images: 2, negative: 'blurry' }, input: { prompt: 'a tabby cat', num_outputs: 2, negative_prompt: 'blurry' }, fixed: ['num_outputs', 'negative_prompt'] },
  { id: 'an address and a negative', model: 'lucataco/pasd-magnify', prompt: 'a clean street', params: { image_url: at('street.jpg'), negative: 'noise' }, input: { prompt: 'a clean street', image: at('street.jpg'), n_prompt: 'noise' }, fixed: ['image', 'n_prompt'] },
  { id: 'three foreign names', model: 'wolverinn/realisticoutpainter', prompt: 'a pier at dusk', params: { image_url: at('pier.jpg'), guidance_scale: 9, num_inference_steps: 25 }, input: { prompt: 'a pier at dusk', image: at('pier.jpg'), cfg_scale: 9, steps: 25 }, fixed: ['image', 'cfg_scale', 'steps'] },

  { id: 'one earlier message', model: 'yorickvp/llava-v1.6-34b', prompt: 'What is on the table?', files: ['table.jpg'], params: { temperature: '0.1', history: 'I am planning a dinner.' }, input: { prompt: 'What is on the table?', image: at('table.jpg'), temperature: 0.1, history: ['I am planning a dinner.'] }, fixed: ['temperature', 'history'] },
  { id: 'two pictures by name', model: 'batouresearch/magic-style-transfer', prompt: 'a cabin in the snow', params: { image: at('house.png'), ip_image: at('style.png'), num_outputs: '2', apply_watermark: 'false', scheduler: 'k euler' }, input: { prompt: 'a cabin in the snow', image: at('house.png'), ip_image: at('style.png'), num_outputs: 2, apply_watermark: false, scheduler: 'K_EULER' }, fixed: ['num_outputs', 'apply_watermark', 'scheduler'] },
  { id: 'colours, yes', model: 'spacely-ai/spacely-segmentation', prompt: 'segment this room', files: ['room.jpg'], params: { apply_color: 'yes' }, input: { image: at('room.jpg'), apply_color: true }, fixed: ['apply_color'] },
  { id: 'a film from words', model: 'deforum/deforum_stable_diffusion', prompt: '0: a harbour at dawn | 60: a harbour at night', params: { fps: '24', sampler: 'Euler Ancestral', color_coherence: 'match frame 0 rgb' }, input: { animation_prompts: '0: a harbour at dawn | 60: a harbour at night', fps: 24, sampler: 'euler_ancestral', color_coherence: 'Match Frame 0 RGB' }, fixed: ['fps', 'sampler', 'color_coherence'] },
  { id: 'a base with a blank', model: 'zsxkib/animate-diff', prompt: 'a windmill turning', params: { frames: '24', base_model: 'Lyriel V16', steps: '30' }, input: { prompt: 'a windmill turning', frames: 24, base_model: 'lyriel_v16', steps: 30 }, fixed: ['frames', 'base_model', 'steps'] },
  { id: 'a wall and its mask', model: 'tstramer/material-diffusion', prompt: 'mossy stone', files: ['wall_mask.png', 'wall.png'], params: { prompt_strength: '0.7', scheduler: 'k_lms', num_outputs: '2' }, input: { prompt: 'mossy stone', init_image: at('wall.png'), mask: at('wall_mask.png'), prompt_strength: 0.7, scheduler: 'K-LMS', num_outputs: 2 }, fixed: ['prompt_strength', 'scheduler', 'num_outputs'] },
  { id: 'numbers as text', model: 'tomasmcm/llamaguard-7b', prompt: 'how do I whittle a spoon?', params: { temperature: '0.5', max_tokens: '64' }, input: { prompt: 'how do I whittle a spoon?', temperature: 0.5, max_tokens: 64 }, fixed: ['temperature', 'max_tokens'] },
  { id: 'a face from a museum', model: 'ouhenio/stylegan3-clip', prompt: 'a laughing clown', params: { model_name: 'metfaces', output_type: 'PNG', steps: '80' }, input: { texts: 'a laughing clown', model_name: 'MetFaces', output_type: 'png', steps: 80 }, fixed: ['model_name', 'output_type', 'steps'] },
  { id: 'a poster', model: 'ideogram-ai/ideogram-v2-turbo', prompt: 'a poster that says SALE', params: { aspect_ratio: '16x10', style_type: 'render_3d', magic_prompt_option: 'off' }, input: { prompt: 'a poster that says SALE', aspect_ratio: '16:10', style_type: 'Render 3D', magic_prompt_option: 'Off' }, fixed: ['aspect_ratio', 'style_type', 'magic_prompt_option'] },
  { id: 'the word false', model: 'anotherjesse/sd15-consistency-decoder-vae', prompt: 'a stone bridge', params: { consistency_decoder: 'false', width: '640', scheduler: 'k-euler' }, input: { prompt: 'a stone bridge', consistency_decoder: false, width: 640, scheduler: 'K_EULER' }, fixed: ['consistency_decoder', 'width', 'scheduler'] },
  { id: 'four of a person', model: 'fofr/consistent-character', prompt: 'a woman in a raincoat', files: ['me.jpg'], params: { number_of_outputs: '4', randomise_poses: 'no', output_format: 'JPEG' }, input: { prompt: 'a woman in a raincoat', subject: at('me.jpg'), number_of_outputs: 4, randomise_poses: false, output_format: 'jpg' }, fixed: ['number_of_outputs', 'randomise_poses', 'output_format'] },
  { id: 'an empty seed', model: 'meta/llama-2-7b', prompt: 'Once upon a time', params: { temperature: '0.5', seed: '' }, input: { prompt: 'Once upon a time', temperature: 0.5 }, fixed: ['temperature'], dropped: ['seed'] },
  { id: 'a woman in the third pose', model: 'catacolabs/headshot-pics', files: ['selfie.jpg'], params: { gender: 'A Woman', pose: 3 }, input: { image: at('selfie.jpg'), gender: 'woman', pose: '3' }, fixed: ['gender', 'pose'] },

  { id: 'too many words', model: 'lucataco/mistral-7b-v0.1', prompt: 'The sea was', params: { max_new_tokens: 4000 }, errors: ['max_new_tokens out_of_range'] },
  { id: 'past the pole', model: 'magpai-app/dreamgaussian-glb', files: ['shoe.png'], params: { elevation: 120 }, errors: ['elevation out_of_range'], mapped: { image: 'shoe.png' } },
  { id: 'too long a drive', model: 'nelsonjchen/op-replay-clipper', params: { route: 'fe18f736cb0d7813|2023-10-23--01-01-01', lengthSeconds: 300 }, errors: ['lengthSeconds out_of_range'] },
  { id: 'too large a seed', model: 'nightmareai/cogvideo', prompt: 'a lion is drinking water', params: { seed: 200000 }, errors: ['seed out_of_range'] },
  { id: 'two limits at once', model: 'usamaehsan/multi-controlnet-x-consistency-decoder-x-realestic-vision-v5', prompt: 'a bright kitchen', params: { guidance_scale: 45, num_outputs: 12 }, errors: ['guidance_scale out_of_range', 'num_outputs out_of_range'] },
  { id: 'below two limits', model: 'qr2ai/advanced_ai_qr_code_art', prompt: 'a rose garden', params: { qr_code_content: 'https://example.org', controlnet_conditioning_scale: 0.5, num_inference_steps: 10 }, errors: ['controlnet_conditioning_scale out_of_range', 'num_inference_steps out_of_range'] },

  { id: 'a size nobody offers', model: 'gnobitab/fusedream', prompt: 'a city of glass', params: { model_size: 1024 }, errors: ['model_size not_in_enum'] },
  { id: 'an engine nobody offers', model: 'pixray/text2image', prompt: 'a quiet canal', params: { drawer: 'oil' }, errors: ['drawer not_in_enum'] },
  { id: 'five samples', model: 'meta/ic_gan', files: ['fox.jpg'], params: { num_samples: 5 }, errors: ['num_samples not_in_enum'], mapped: { image: 'fox.jpg' } },
  { id: 'a refiner nobody offers', model: 'lucataco/ssd-lora-inference', prompt: 'a photo of TOK', params: { lora_url: at('style.safetensors'), refine: 'super_refiner' }, errors: ['refine not_in_enum'] },
  { id: 'a batch of five', model: 'jack000/glid-3-xl', prompt: 'an old clock', params: { batch_size: 5 }, errors: ['batch_size not_in_enum'] },
  { id: 'slowly', model: 'lucataco/sdxl-clip-interrogator', files: ['art.png'], params: { mode: 'slow' }, errors: ['mode not_in_enum'], mapped: { image: 'art.png' } },

  { id: 'many paths', model: 'kvfrans/clipdraw', prompt: 'a red barn', params: { num_paths: 'many' }, errors: ['num_paths wrong_type'] },
  { id: 'a few steps', model: 'adirik/mvdream', prompt: 'a teapot', params: { max_steps: 'a few' }, errors: ['max_steps wrong_type'] },

  { id: 'a film of a sketch', model: 'alaradirik/t2i-adapter-sdxl-lineart', prompt: 'a dragon', files: ['sketch.mp4'], errors: ['image wrong_media_type'] },
  { id: 'a memo to look at', model: 'lucataco/llama-3-vision-alpha', prompt: 'What does it say?', files: ['memo.m4a'], errors: ['image wrong_media_type'] },
  { id: 'a cover for a track', model: 'mtg/maest', files: ['cover.jpg'], errors: ['audio wrong_media_type'] },

  { id: 'a path at home', model: 'spacely-ai/spacely-realistic-scribble-canny', prompt: 'a cosy living room', params: { image: '/srv/photos/room.png' }, errors: ['image not_a_url'] },
  { id: 'a file address', model: 'nightmareai/real-esrgan', params: { image: 'file:///c:/photos/old.jpg' }, errors: ['image not_a_url'] },
  { id: 'a path beside the program', model: 'nateraw/jina-embeddings-v2-base-en', params: { path: './texts.jsonl' }, errors: ['path not_a_url'] },

  { id: 'three pictures without a role', model: 'spacely-ai/spacely-realistic-style-inpaint-softedge', prompt: 'a scandinavian bedroom', files: ['DSC_0101.jpg', 'DSC_0102.jpg', 'DSC_0103.jpg'], errors: ['image ambiguous_attachment', 'mask_image ambiguous_attachment', 'style_image ambiguous_attachment'] },
  { id: 'two frames, no mode', model: 'kwaivgi/kling-v2.1', prompt: 'the tide comes in', files: ['start.png', 'end.png'], errors: ['mode invalid_combination'], mapped: { start_image: 'start.png', end_image: 'end.png' } },

  { id: 'a scheduler it has not', model: 'cjwbw/pixart-sigma', prompt: 'a paper boat', params: { scheduler: 'K_EULER' }, input: { prompt: 'a paper boat' }, dropped: ['scheduler'], warnings: ['scheduler unknown_field'] },
  { id: 'no drums', model: 'declare-lab/mustango', prompt: 'a calm piano piece', params: { negative_prompt: 'drums' }, input: { prompt: 'a calm piano piece' }, dropped: ['negative_prompt'], warnings: ['negative_prompt unknown_field'] },

  { id: 'words only', model: 'lucataco/hermes-2-pro-llama-3-8b', prompt: 'Write a haiku about rain', input: { prompt: 'Write a haiku about rain' } },
  { id: 'a style', model: 'pschaldenbrand/style-clip-draw', prompt: 'a lighthouse in a storm', files: ['starry.jpg'], input: { prompt: 'a lighthouse in a storm', style_image: at('starry.jpg') } },
  { id: 'a pose and a face', model: 'catio-apps/ip_adapter-face-controlnet-realistic_vision', prompt: 'a portrait of a chef', files: ['pose.png', 'face.png'], input: { prompt: 'a portrait of a chef', pose_image: at('pose.png'), face_image: at('face.png') } },
  { id: 'a picture in the address itself', model: 'spacely-ai/spacely-segmentation', params: { image: DOT }, input: { image: DOT } },
  { id: 'the picture from before', model: 'nightmareai/real-esrgan', prompt: 'upscale the picture from before', conversation: [{ role: 'user', content: `my barn: ${at('barn.png')}?sig=a1` }], input: { image: `${at('barn.png')}?sig=a1` } },
];
