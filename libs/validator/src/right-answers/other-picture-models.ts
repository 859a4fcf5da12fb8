import type { FormSource } from '../form/form-from-open-api';
import { openApi, uri, type Property } from '../testing/open-api';

/** A model by its public name with a small schema of our own in the same shape: what matters of it, in our words. */
export function shaped(model: string, description: string, properties: Record<string, Property>, required: string[] = []): FormSource {
  return { provider: 'replicate', model, version: 'v1', digest: '0', title: model, description, schema: openApi(properties, required) };
}

export const uris = (description: string, more: Property = {}): Property => ({ type: 'array', items: { type: 'string', format: 'uri' }, description, ...more });
const RATIOS = ['match_input_image', '1:1', '16:9', '9:16', '4:3', '3:4', '21:9'];
const ratio = (first: string, options: readonly string[] = RATIOS): Property => ({ type: 'string', ref: 'aspect_ratio', enum: [...options], default: first, description: 'Aspect ratio of the picture' });

export const PICTURE_MODELS: readonly FormSource[] = [
  shaped('black-forest-labs/flux-kontext-max', 'A text-based image editing model for transforming pictures through natural language', {
    prompt: { type: 'string', description: 'What to make, or the instruction on how to edit the picture' }, input_image: { ...uri('Picture to use as reference. Must be jpeg, png, gif, or webp.'), nullable: true },
    aspect_ratio: ratio('match_input_image'), output_format: { type: 'string', enum: ['jpg', 'png'], default: 'png' }, safety_tolerance: { type: 'integer', minimum: 0, maximum: 6, default: 2 }, seed: { type: 'integer', nullable: true },
  }, ['prompt']),
  shaped('flux-kontext-apps/change-haircut', 'Change the hair style and colour of a person', {
    input_image: uri('Picture of the person'), haircut: { type: 'string', enum: ['No change', 'Bob', 'Pixie Cut', 'Mohawk', 'Mohawk Fade'], default: 'No change' }, hair_color: { type: 'string', enum: ['No change', 'Blonde', 'Black', 'Blue-Black'], default: 'No change' },
    gender: { type: 'string', enum: ['none', 'male', 'female'], default: 'none' },
  }, ['input_image']),
  shaped('bria/fibo-edit', 'Structured prompts for image editing', {
    instruction: { type: 'string', nullable: true, description: 'Edit instruction in words' }, image: { ...uri('Image file'), nullable: true }, mask: { ...uri('Mask file'), nullable: true },
    structured_instruction: { type: 'string', nullable: true, default: '', description: 'The instruction as JSON. Use this instead of instruction for precise control.' }, seed: { type: 'integer', nullable: true }, guidance_scale: { type: 'integer', minimum: 3, maximum: 5, nullable: true },
  }),
  shaped('bytedance/flux-pulid', 'Identity customization for FLUX', {
    main_face_image: uri('An ID picture for the face'), prompt: { type: 'string', default: 'portrait, color, cinematic', description: 'What to make' }, num_steps: { type: 'integer', minimum: 1, maximum: 20, default: 20 }, true_cfg: { type: 'number', minimum: 1, maximum: 10, default: 1 },
    guidance_scale: { type: 'number', minimum: 1, maximum: 10, default: 4 }, num_outputs: { type: 'integer', minimum: 1, maximum: 4, default: 1 },
  }, ['main_face_image']),
  shaped('bytedance/seedream-4', 'Text-to-image generation and editing up to 4K', {
    prompt: { type: 'string' }, image_input: uris('Pictures for image-to-image. List of 1-10 images for single or multi-reference generation.', { default: [], maxItems: 10 }),
    size: { type: 'string', enum: ['1K', '2K', '4K', 'custom'], default: '2K', description: 'Resolution; use custom for specific dimensions' }, aspect_ratio: ratio('match_input_image'),
    width: { type: 'integer', minimum: 1024, maximum: 4096, default: 2048, description: 'Custom image width (only used when size=\'custom\'). Range: 1024-4096 pixels.' }, height: { type: 'integer', minimum: 1024, maximum: 4096, default: 2048, description: 'Custom image height (only used when size=\'custom\').' },
    max_images: { type: 'integer', minimum: 1, maximum: 15, default: 1 },
  }, ['prompt']),
  shaped('openai/gpt-image-1', 'Create and edit pictures', {
    prompt: { type: 'string' }, openai_api_key: { type: 'string', format: 'password', 'x-cog-secret': true, description: 'Your OpenAI API key' }, quality: { type: 'string', enum: ['low', 'medium', 'high', 'auto'], default: 'auto' },
    input_images: { ...uris('A list of pictures to use as input'), nullable: true }, number_of_images: { type: 'integer', minimum: 1, maximum: 10, default: 1 }, background: { type: 'string', enum: ['auto', 'transparent', 'opaque'], default: 'auto' }, output_format: { type: 'string', enum: ['png', 'jpeg', 'webp'], default: 'webp' },
  }, ['prompt', 'openai_api_key']),
  shaped('black-forest-labs/flux-fill-pro', 'Inpainting and outpainting', {
    prompt: { type: 'string' }, image: uri('The picture to inpaint. Can contain an alpha mask.'), mask: { ...uri('A black-and-white picture of the part to paint. Should have the same size as the image. Not needed with an alpha mask or outpaint.'), nullable: true },
    outpaint: { type: 'string', enum: ['None', 'Zoom out 1.5x', 'Zoom out 2x', 'Left outpaint'], default: 'None' }, steps: { type: 'integer', minimum: 15, maximum: 50, default: 50 }, guidance: { type: 'number', minimum: 1.5, maximum: 100, default: 60 },
  }, ['prompt', 'image']),
  shaped('black-forest-labs/flux-redux-dev', 'Open-weight image variations', { redux_image: uri('Picture to make variations of'), num_outputs: { type: 'integer', minimum: 1, maximum: 4, default: 1 }, megapixels: { type: 'string', enum: ['1', '0.25'], default: '1' } }, ['redux_image']),
  shaped('black-forest-labs/flux-dev-lora', 'A version of FLUX that supports LoRA weights', {
    prompt: { type: 'string' }, image: { ...uri('Input image for image to image mode. The aspect ratio of your output will match this image') }, go_fast: { type: 'boolean', default: true }, num_inference_steps: { type: 'integer', minimum: 1, maximum: 50, default: 28 },
    lora_weights: { type: 'string', description: 'Load LoRA weights. Supports Replicate models in the format <owner>/<username>, HuggingFace URLs in the format huggingface.co/<owner>/<model-name>, or arbitrary .safetensors URLs.' },
    lora_scale: { type: 'number', minimum: -1, maximum: 3, default: 1 }, extra_lora: { type: 'string', description: 'Load a second LoRA, same formats' }, extra_lora_scale: { type: 'number', minimum: -1, maximum: 3, default: 1 },
  }, ['prompt']),
  shaped('fofr/color-matcher', 'Colour match and white balance fixes for images', { input_image: uri('The picture to correct'), reference_image: uri('The picture to match. If not provided, only white balance is fixed.'), method: { type: 'string', enum: ['mkl', 'hm', 'hm-mkl-hm'], default: 'mkl' }, strength: { type: 'number', minimum: 0, maximum: 1, default: 1 } }, ['input_image']),
  shaped('microsoft/bringing-old-photos-back-to-life', 'Bringing old photos back to life', { image: uri('Old photo'), HR: { type: 'boolean', default: false, description: 'whether the photo is of high resolution' }, with_scratch: { type: 'boolean', default: false } }, ['image']),
  shaped('sczhou/codeformer', 'Face restoration for old photos and generated faces', { image: uri('Input image'), codeformer_fidelity: { type: 'number', minimum: 0, maximum: 1, default: 0.5 }, background_enhance: { type: 'boolean', default: true }, face_upsample: { type: 'boolean', default: true }, upscale: { type: 'integer', default: 2 } }),
  shaped('tencentarc/gfpgan', 'Practical face restoration', { img: uri('Picture with faces'), version: { type: 'string', enum: ['v1.2', 'v1.3', 'v1.4', 'RestoreFormer'], default: 'v1.4' }, scale: { type: 'number', default: 2 } }),
  shaped('philz1337x/clarity-upscaler', 'High resolution image upscaler and enhancer', {
    image: uri('Picture to upscale'), prompt: { type: 'string', default: 'masterpiece, best quality, highres, <lora:more_details:0.5> <lora:SDXLrender_v2.0:1>' }, dynamic: { type: 'number', minimum: 1, maximum: 50, default: 6 }, scale_factor: { type: 'number', default: 2 }, mask: uri('Mask image to mark areas that should be preserved during upscaling'),
    sd_model: { type: 'string', enum: ['epicrealism_naturalSinRC1VAE.safetensors [84d76a0328]', 'juggernaut_reborn.safetensors [338b85bc4f]'], default: 'juggernaut_reborn.safetensors [338b85bc4f]' }, num_inference_steps: { type: 'integer', minimum: 1, maximum: 100, default: 18 },
  }, ['image']),
  shaped('cuuupid/idm-vton', 'Best-in-class clothing virtual try on in the wild', {
    garm_img: uri('Garment, should match the category'), human_img: uri('Model, if not 3:4 check crop'), mask_img: uri('Optional mask of the clothing to be replaced'), garment_des: { type: 'string', description: 'Description of garment e.g. Short Sleeve Round Neck T-shirt' },
    category: { type: 'string', enum: ['upper_body', 'lower_body', 'dresses'], default: 'upper_body' }, crop: { type: 'boolean', default: false }, steps: { type: 'integer', minimum: 1, maximum: 40, default: 30 },
  }, ['garm_img', 'human_img']),
  shaped('zsxkib/instant-id', 'Make realistic images of real people instantly', {
    image: uri('Input face image'), pose_image: uri('(Optional) reference pose image'), prompt: { type: 'string', default: 'a person', description: 'Input prompt' }, negative_prompt: { type: 'string', default: '' }, ip_adapter_scale: { type: 'number', minimum: 0, maximum: 1.5, default: 0.8 },
  }, ['image']),
  shaped('tencentarc/photomaker', 'Create photos, paintings and avatars for anyone in any style', {
    input_image: uri('The input image, for example a photo of your face.'), input_image2: uri('Additional input image (optional)'), input_image3: uri('Additional input image (optional)'), prompt: { type: 'string', default: 'A photo of a person img', description: 'Must contain the trigger word img' },
    style_name: { type: 'string', enum: ['(No style)', 'Cinematic', 'Digital Art', 'Photographic (Default)'], default: 'Photographic (Default)' }, num_steps: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  }, ['input_image']),
  shaped('timothybrooks/instruct-pix2pix', 'Edit images with human instructions', { image: uri('An image which will be repainted according to prompt'), prompt: { type: 'string', description: 'Prompt to guide the image generation' }, image_guidance_scale: { type: 'number', minimum: 1, default: 1.5 }, guidance_scale: { type: 'number', minimum: 1, maximum: 20, default: 7.5 } }, ['image', 'prompt']),
  shaped('recraft-ai/recraft-v3', 'Images with long texts in a wide list of styles', { prompt: { type: 'string' }, size: { type: 'string', enum: ['1024x1024', '1365x1024', '1024x1365', '1820x1024'], default: '1024x1024' }, style: { type: 'string', enum: ['any', 'realistic_image', 'digital_illustration', 'digital_illustration/pixel_art'], default: 'any' } }, ['prompt']),
  shaped('851-labs/background-remover', 'Remove backgrounds from images.', { image: uri('Input image'), threshold: { type: 'number', default: 0 }, reverse: { type: 'boolean', default: false }, background_type: { type: 'string', default: 'rgba', description: '\'rgba\', \'map\', \'green\' or path to an image.' }, format: { type: 'string', default: 'png', description: 'Output format' } }, ['image']),
  shaped('jagilley/controlnet-scribble', 'Generate detailed images from scribbled drawings', { image: uri('Input image'), prompt: { type: 'string', description: 'Prompt for the model' }, num_samples: { type: 'string', enum: ['1', '4'], default: '1' }, image_resolution: { type: 'string', enum: ['256', '512', '768'], default: '512' }, ddim_steps: { type: 'integer', default: 20 }, scale: { type: 'number', minimum: 0.1, maximum: 30, default: 9, description: 'Guidance scale' }, n_prompt: { type: 'string', default: 'longbody, lowres' } }, ['image', 'prompt']),
  shaped('allenhooo/lama', 'Large mask inpainting, removes objects', { image: uri('Picture'), mask: uri('Mask, white is removed') }, ['image', 'mask']),
  shaped('arielreplicate/deoldify_image', 'Add colours to old images', { input_image: uri('Path to an image'), model_name: { type: 'string', enum: ['Artistic', 'Stable'], default: 'Artistic' }, render_factor: { type: 'integer', default: 35 } }, ['input_image', 'model_name']),
  shaped('becausecurious/qr-control', 'Pictures around a QR code', { url: { type: 'string', description: 'Website the code leads to' }, prompt: { type: 'string' }, qr_conditioning_scale: { type: 'number', minimum: 0, maximum: 5, default: 1.2 } }, ['url', 'prompt']),
];
