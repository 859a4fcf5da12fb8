import type { MediaKind } from '@countersign/core';

/** What a kind of model needs. Matched on the model's name and description; the first family that matches wins. */
export interface ModelFamily {
  id: string;
  /** Phrases in the model's name (separators are blanks); a trailing `*` matches any ending of the last word. */
  inName: readonly string[];
  /** Phrases in title or description, same notation. Weaker: read only when no family matched by name. */
  inText: readonly string[];
  /** Kinds of file it cannot work without, one field per entry. */
  needsFiles: readonly MediaKind[];
  needsText: boolean;
  /** A mask goes with the image. */
  needsMask?: boolean;
  /** Words that only say "do your job": a prompt made of these is not content. */
  instructionWords: readonly string[];
  /** The work needs no words: a prompt field is an option, its default a setting. */
  wordsOptional?: boolean;
  /** It answers orders and questions: where it has a field called prompt, an order is content after all. */
  followsOrders?: boolean;
  /** A prompt that is only an edit order is expected, and one without is worth a warning. */
  wantsEditVerb?: boolean;
  /** A short prompt makes a poor result. */
  wantsDetail?: boolean;
  /** Warn above so many characters of text. */
  longText?: number;
}

const LONG_SPEECH = 500; // characters; beyond this speech models split, slow down or cut off

export const FAMILIES: readonly ModelFamily[] = [
  { id: 'background_removal', needsFiles: ['image'], needsText: false, wordsOptional: true,
    inName: ['rembg*', 'remove bg', 'removebg', 'remove background', 'background remov*', 'bg remov*', 'birefnet', 'rmbg', 'background eraser', 'bria rmbg', 'modnet', 'u2net', 'dis bg'],
    inText: ['remove background*', 'remove the background*', 'background removal', 'background remover', 'removes background*', 'removes the background', 'remove images background', 'remove image background*',
      'foreground segmentation', 'removing background*', 'removing the background'],
    instructionWords: ['remove', 'removal', 'background', 'bg', 'cut', 'cutout', 'erase', 'transparent', 'isolate', 'extract', 'subject', 'delete', 'strip', 'no', 'without'] },
  { id: 'lip_sync', needsFiles: ['any', 'audio'], needsText: false, wordsOptional: true,
    inName: ['lipsync*', 'lip sync*', 'wav2lip', 'latentsync', 'sadtalker', 'video retalking', 'talking head', 'hallo', 'musetalk', 'omnihuman*', 'aniportrait', 'echomimic', 'liveportrait audio'],
    inText: ['lip sync*', 'lipsync*', 'lip syncing', 'audio driven', 'talking head*', 'talking face*'],
    instructionWords: ['lip', 'lips', 'sync', 'lipsync', 'synchronize', 'synchronise', 'talk', 'talking', 'speak', 'say', 'mouth', 'match', 'animate'] },
  { id: 'face_swap', needsFiles: ['any', 'image'], needsText: false, wordsOptional: true,
    inName: ['face swap*', 'faceswap*', 'swap face*', 'roop*', 'inswapper', 'faceshift', 'video face swap', 'deepfake'],
    inText: ['face swap*', 'faceswap*', 'swap face*', 'swap the face*', 'swaps face*'],
    instructionWords: ['swap', 'swaps', 'face', 'faces', 'replace', 'put', 'change', 'exchange'] },
  { id: 'try_on', needsFiles: ['image', 'image'], needsText: false, wordsOptional: true,
    inName: ['vton*', 'idm vton', 'try on', 'tryon', 'virtual try*', 'ootdiffusion', 'viton*', 'catvton'], inText: ['virtual try on', 'try on clothing', 'virtual tryon', 'clothing virtual'],
    instructionWords: ['try', 'on', 'wear', 'dress', 'put', 'garment', 'shirt', 'clothes'] },
  { id: 'transcription', needsFiles: ['audio'], needsText: false, wordsOptional: true,
    inName: ['whisper*', 'transcri*', 'speech to text', 'speech recognition', 'asr', 'stt', 'diariz*', 'diaris*', 'speaker diarization', 'scribe', 'parakeet*', 'canary*', 'wav2vec*', 'voxtral*'],
    inText: ['speech to text', 'transcri*', 'convert speech*', 'speech recognition', 'diarization', 'diarisation', 'audio to text', 'segments an audio', 'voice activity detection'],
    instructionWords: ['transcribe', 'transcription', 'transcript', 'translate', 'english', 'write', 'down', 'subtitle', 'subtitles', 'diarize', 'diarise', 'speakers', 'listen', 'convert', 'speech'] },
  { id: 'audio_separation', needsFiles: ['audio'], needsText: false, wordsOptional: true,
    inName: ['demucs*', 'spleeter', 'stem split*', 'vocal remov*', 'rvc*', 'voice conversion', 'resemble enhance', 'deepfilternet*', 'audio super resolution', 'audiosr'],
    inText: ['source separation', 'separate vocals', 'voice conversion', 'audio denoising', 'separates vocals', 'stem separation', 'audio super resolution'],
    instructionWords: ['separate', 'split', 'isolate', 'vocals', 'stems', 'denoise', 'clean', 'remove', 'extract', 'noise', 'instrumental'] },
  { id: 'text_to_speech', needsFiles: [], needsText: true, longText: LONG_SPEECH,
    inName: ['tts', 'text to speech', 'kokoro*', 'xtts*', 'bark', 'styletts*', 'parler*', 'speech 0*', 'speech 2*', 'chatterbox*', 'f5 tts', 'tortoise*', 'openvoice', 'orpheus*', 'dia', 'zonos', 'voice clon*',
      'cosyvoice*', 'metavoice*', 'neuphonic*', 'eleven*', 'sesame csm*'],
    inText: ['text to speech', 'tts', 'voice clon*', 'clone voice*', 'clone a voice', 'speech synthesis', 'text to audio speech', 'generate speech', 'generates speech', 'zero shot voice'],
    instructionWords: [] },
  { id: 'music', needsFiles: [], needsText: true, wantsDetail: true,
    inName: ['musicgen*', 'music*', 'riffusion', 'lyria*', 'stable audio*', 'audio ldm', 'audioldm*', 'audiogen', 'mustango', 'bark music', 'ace step', 'yue', 'tango'],
    inText: ['music generation', 'generate music', 'text to music', 'text to audio', 'generate sound*', 'text to music generation', 'music from', 'create music'], instructionWords: [] },
  { id: 'upscale_restore', needsFiles: ['image'], needsText: false, wordsOptional: true,
    inName: ['upscal*', 'real esrgan*', 'esrgan*', 'swinir', 'swin2sr', 'super resolution', 'supir*', 'gfpgan*', 'codeformer*', 'restor*', 'enhanc*', 'deblur*', 'denois*', 'coloriz*', 'colouris*', 'deoldify*', 'ddcolor',
      'magnify*', 'clarity*', 'bringing old photos*', 'high resolution controlnet tile', 'ultimate sd upscale', 'aura sr', 'topaz*', 'pasd*', 'seedvr*', 'crystal upscaler', 'magic image refiner'],
    inText: ['upscal*', 'super resolution', 'face restoration', 'image restoration', 'restore old*', 'restore photos', 'photo restoration', 'restore faces', 'colorize black*', 'coloriz*', 'deblurring', 'enhance image*', 'image super resolution', 'denoising'],
    instructionWords: ['upscale', 'upscaling', 'enhance', 'enlarge', 'increase', 'resolution', 'higher', 'high', 'bigger', 'huge', 'large', 'larger', 'sharpen', 'sharp', 'sharper', 'restore', 'fix', 'improve', 'quality', 'better',
      'x', '2x', '4x', '8x', '2', '4', '8', 'hd', '4k', '8k', 'size', 'double', 'denoise', 'deblur', 'colorize', 'colourise', 'colour', 'color', 'face', 'faces', 'clear', 'clearer', 'blurry', 'details', 'detail', 'times'] },
  { id: 'captioning', needsFiles: ['image'], needsText: false, wordsOptional: true, followsOrders: true,
    inName: ['caption*', 'blip*', 'clip interrogator*', 'ocr', 'img2prompt', 'image to prompt', 'image to text', 'interrogat*', 'llava*', 'moondream*', 'minigpt*', 'vision alpha', 'llama 3 vision*', 'bakllava*', 'cogvlm*',
      'qwen vl*', 'florence*', 'internvl*', 'uform*', 'kosmos*', 'donut*', 'text extract ocr', 'deepseek ocr', 'marker', 'smolvlm*', 'fuyu*', 'joy caption*', 'deepseek vl*', 'nsfw image detection', 'vila*'],
    inText: ['image captioning', 'caption image*', 'captions for images', 'optical character recognition', 'ocr', 'image to text', 'visual question answering', 'text prompts to match a given image', 'vision assistant',
      'describe images', 'extract text from*', 'vision language model*', 'image understanding', 'answer questions about image*', 'generate captions', 'large language and vision'],
    instructionWords: ['describe', 'caption', 'read', 'ocr', 'extract', 'tell', 'what', 'see', 'recognize', 'recognise', 'scan'] },
  { id: 'inpainting', needsFiles: ['image'], needsText: false, needsMask: true,
    inName: ['inpaint*', 'flux fill*', 'fill dev', 'fill pro', 'lama', 'object remov*', 'eraser', 'magic eraser', 'bria eraser'], inText: ['inpainting model', 'remove objects*', 'remove unwanted objects', 'object removal'],
    instructionWords: ['inpaint', 'fill', 'mask', 'erase', 'remove', 'object', 'area'] },
  { id: 'outpainting', needsFiles: ['image'], needsText: false, wordsOptional: true,
    inName: ['outpaint*', 'realisticoutpainter', 'expand image', 'bria expand*'], inText: ['outpaint*'], instructionWords: ['outpaint', 'extend', 'expand', 'wider', 'bigger', 'canvas', 'borders'] },
  { id: 'image_to_video', needsFiles: ['image'], needsText: false,
    inName: ['image to video', 'i2v*', 'img2vid*', 'stable video diffusion*', 'svd', 'animate image*', 'i2vgen*', 'live portrait image', 'dynamicrafter*'],
    inText: ['image to video', 'video from a starting image', 'video from an image', 'animate an image', 'animate images', 'animates a still', 'bring photos to life', 'turn images into video*', 'images into videos'],
    instructionWords: ['animate', 'video', 'move', 'life', 'bring'] },
  { id: 'image_to_3d', needsFiles: ['image'], needsText: false, wordsOptional: true,
    inName: ['trellis*', 'triposr*', 'image to 3d', 'img2mesh', 'instantmesh', 'wonder3d', 'zero123*', 'hunyuan3d*', 'hunyuan 3d*', 'stable fast 3d', 'crm', 'lgm', 'rodin', 'tripo*'],
    inText: ['image to 3d', '3d assets from image*', '3d from a single image', 'images to 3d', '3d from image*', 'image into a 3d', 'single image to 3d', '3d mesh from*'],
    instructionWords: ['3d', 'model', 'mesh', 'convert', 'turn', 'object', 'asset', 'glb'] },
  { id: 'image_edit', needsFiles: ['image'], needsText: true, wantsEditVerb: true,
    inName: ['image edit*', 'nano banana*', 'kontext*', 'pix2pix*', 'instruct pix2pix', 'seededit*', 'step1x edit*', 'qwen image edit*', 'edit*', 'bagel edit'],
    inText: ['image editing model', 'edit images', 'image editing', 'editing images', 'edit an image', 'instruction based editing', 'text based image editing'], instructionWords: [] },
  { id: 'image_to_image', needsFiles: ['image'], needsText: true,
    inName: ['img2img*', 'image to image', 'flux redux*', 't2i adapter*', 'controlnet*', 'style transfer*', 'magic style transfer', 'face to many*', 'face to sticker', 'photomaker*', 'instant id*', 'instantid*', 'pulid*',
      'consistent character*', 'ip adapter face*', 'headshot*', 'become image'],
    inText: ['modify images', 'restyle an image', 'images of a given character', 'turn a face into', 'turn your selfie*', 'selfies into', 'img2img', 'image to image', 'style of another', 'stylize'], instructionWords: [] },
  { id: 'text_to_video', needsFiles: [], needsText: true, wantsDetail: true,
    inName: ['text to video', 't2v*', 'text2video*', 'zeroscope*', 'animate diff*', 'animatediff*', 'cogvideo*', 'video 01', 'veo*', 'sora*', 'kling*', 'hailuo*', 'wan 2*', 'hunyuan video', 'ltx video', 'mochi*', 'luma*', 'ray*', 'seedance*', 'pixverse*'],
    inText: ['text to video', 'videos from text*', 'video from text*', 'text2video', 'video generation'], instructionWords: [] },
  { id: 'text_or_image_to_3d', needsFiles: [], needsText: false, wordsOptional: true, inName: [], inText: ['text image 3d', 'image text 3d', 'text or image to 3d', 'image or text to 3d', 'text image to 3d'],
    instructionWords: ['3d', 'model', 'mesh', 'convert', 'turn', 'object', 'asset', 'glb'] },
  { id: 'text_to_3d', needsFiles: [], needsText: true, wantsDetail: true, inName: ['text to 3d', 'mvdream*', 'shap e', 'point e'], inText: ['text to 3d', '3d assets using text*', '3d from text'], instructionWords: [] },
  { id: 'text_to_image', needsFiles: [], needsText: true, wantsDetail: true,
    inName: ['flux*', 'sdxl*', 'stable diffusion*', 'text to image', 'text2image', 'text2img', 'txt2img', 'imagen*', 'ideogram*', 'recraft*', 'kandinsky*', 'playground*', 'dall e*', 'seedream*', 'hidream*', 'sana*', 'qwen image', 'realvisxl*', 'photon*',
      'pixart*', 'latent consistency*', 'sd*', 'diffusion*', 'hyper flux*'],
    inText: ['text to image', 'image generation model', 'text2img', 'text to images', 'generate images from text*', 'text guided image*', 'images from text*', 'image generation', 'diffusion model', 'image from text*', 'text2im'], instructionWords: [] },
  { id: 'language_model', needsFiles: [], needsText: true,
    inName: ['llama*', 'mistral*', 'mixtral*', 'gpt*', 'claude*', 'gemini*', 'gemma*', 'qwen*', 'phi*', 'falcon*', 'vicuna*', 'deepseek*', 'granite*', 'hermes*', 'instruct', 'chat', 'llm', 'yi', 'o1*', 'o3*', 'o4*', 'grok*', 'command r*', 'dolly*',
      'olmo*', 'kimi*', 'embeddings', 'arctic instruct', 'nous*', 'zephyr*', 'codellama*', 'starcoder*', 'guard*', 'llamaguard*'],
    inText: ['language model*', 'llm', 'text generation', 'chat completion*', 'instruction tuned'], instructionWords: [] },
];
