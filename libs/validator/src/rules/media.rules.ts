import type { MediaKind } from '@countersign/core';

/** Words in a field's or file's name that tell what kind of file it is. */
const MEDIA_WORDS: Record<Exclude<MediaKind, 'any'>, readonly string[]> = {
  image: ['image', 'images', 'img', 'imgs', 'picture', 'pictures', 'photo', 'photos', 'photograph', 'photographs', 'pic', 'pics', 'face', 'faces',
    'selfie', 'portrait', 'mask', 'masks', 'frame', 'frames', 'garment', 'sketch', 'logo', 'scan', 'drawing', 'headshot', 'keyframe', 'thumbnail',
    'screenshot', 'jpg', 'jpeg', 'png', 'webp'],
  audio: ['audio', 'audios', 'sound', 'voice', 'speech', 'song', 'music', 'melody', 'wav', 'mp3', 'speaker', 'vocal', 'vocals', 'recording', 'flac', 'midi'],
  video: ['video', 'videos', 'movie', 'clip', 'footage', 'mp4', 'mov', 'film'],
  archive: ['zip', 'tar', 'weights', 'lora', 'loras', 'safetensors', 'checkpoint', 'ckpt', 'archive', 'tgz', 'embedding', 'embeddings'],
  document: ['pdf', 'document', 'documents', 'doc', 'docx', 'csv', 'jsonl', 'json', 'txt', 'srt', 'epub', 'spreadsheet', 'transcript', 'transcripts', 'subtitle', 'subtitles', 'mesh', 'glb', 'gltf', 'stl', 'ply'],
};

/** Words that say what a file shows; what it is, its description may say otherwise: a `face` may be a film. */
export const SUBJECT_MEDIA_WORDS: ReadonlySet<string> = new Set(['face', 'faces', 'selfie', 'portrait', 'mask', 'masks', 'garment', 'sketch', 'logo', 'drawing', 'headshot', 'frame', 'frames', 'voice', 'speech', 'speaker', 'song', 'music', 'melody', 'vocal', 'vocals']);

/** By file name ending. Endings that two kinds share stand under the one people mean most. */
const MEDIA_ENDINGS: Record<Exclude<MediaKind, 'any'>, readonly string[]> = {
  image: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'svg', 'bmp', 'tif', 'tiff', 'avif', 'heic', 'heif', 'jfif', 'ico'],
  audio: ['mp3', 'wav', 'flac', 'aac', 'ogg', 'oga', 'opus', 'm4a', 'wma', 'aiff', 'aif', 'amr', 'mid', 'midi'],
  video: ['mp4', 'mov', 'avi', 'mkv', 'webm', 'flv', 'm4v', 'mpg', 'mpeg', 'wmv', '3gp', 'ogv'],
  archive: ['zip', 'tar', 'gz', 'tgz', '7z', 'rar', 'safetensors', 'ckpt', 'pth'],
  document: ['pdf', 'doc', 'docx', 'txt', 'rtf', 'xls', 'xlsx', 'odt', 'odf', 'md', 'csv', 'json', 'jsonl', 'xml', 'yaml', 'yml', 'srt', 'vtt', 'epub',
    'html', 'htm', 'ppt', 'pptx', 'glb', 'gltf', 'obj', 'stl', 'ply', 'fbx', 'usdz', 'blend', 'ttf', 'otf', 'woff', 'woff2'],
};

const ENDING = new Map<string, MediaKind>(
  Object.entries(MEDIA_ENDINGS).flatMap(([kind, endings]) => endings.map((ending) => [ending, kind as MediaKind] as const)));
const WORD = new Map<string, MediaKind>(
  Object.entries(MEDIA_WORDS).flatMap(([kind, words]) => words.map((word) => [word, kind as MediaKind] as const)));

export function mediaOfWord(word: string): MediaKind | undefined {
  return WORD.get(word);
}

const MAX_ENDING = 12; // longer "endings" are parts of sentences

/** Kind by the ending of a file name or of a URL's path; undefined when it tells nothing. */
export function mediaOfFileName(name: string): MediaKind | undefined {
  const tail = name.slice(-200);
  const dot = tail.lastIndexOf('.');
  return dot < 0 || tail.length - dot > MAX_ENDING ? undefined : ENDING.get(tail.slice(dot + 1).toLowerCase());
}

const DOCUMENT_MIMES = ['application/pdf', 'application/json', 'application/msword', 'application/rtf', 'application/xml', 'application/epub+zip'];
const ARCHIVE_MIMES = ['application/zip', 'application/x-tar', 'application/gzip', 'application/x-7z-compressed', 'application/x-zip-compressed', 'application/x-gzip'];

/** Kind by MIME type; undefined for octet-stream and what else says nothing. */
export function mediaOfMime(mime: string): MediaKind | undefined {
  const type = mime.slice(0, 100).toLowerCase().split(';', 1)[0]?.trim() ?? '';
  for (const kind of ['image', 'audio', 'video'] as const) if (type.startsWith(`${kind}/`)) return kind;
  if (type === 'application/ogg') return 'audio';
  if (ARCHIVE_MIMES.includes(type)) return 'archive';
  if (type.startsWith('model/') || type.startsWith('font/')) return 'document'; // meshes and fonts: no picture, no sound, no film
  if (type.startsWith('text/') || DOCUMENT_MIMES.includes(type) || type.startsWith('application/vnd.')) return 'document';
  return undefined;
}

/** Kinds that may stand for another without harm: a GIF is an image that many video models take. */
export function mediaFits(given: MediaKind | undefined, wanted: MediaKind, also: readonly MediaKind[] = []): boolean {
  return given === undefined || given === 'any' || wanted === 'any' || given === wanted || also.includes(given);
}
