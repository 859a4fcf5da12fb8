import type { FieldRole } from '@countersign/core';

export type FileUse = NonNullable<Extract<FieldRole, { kind: 'file' }>['use']>;

/** Words in a file's or field's name that tell what the file is for. First match wins, in this order. */
export const USE_WORDS: readonly (readonly [FileUse, readonly string[]])[] = [
  ['mask', ['mask', 'masks', 'matte', 'masked']],
  ['end_frame', ['end', 'last', 'final', 'ending', 'tail']],
  ['start_frame', ['start', 'first', 'starting', 'begin', 'beginning', 'opening']],
  ['target', ['target', 'base', 'destination', 'dest', 'dst']],
  ['source', ['source', 'src', 'swap', 'donor', 'driving', 'driver']],
  ['reference', ['reference', 'ref', 'references', 'style', 'ip', 'adapter', 'example']],
  ['control', ['control', 'controlnet', 'canny', 'pose', 'depth', 'lineart', 'scribble', 'softedge', 'tile', 'hed', 'openpose', 'normal', 'edge', 'conditioning']],
];

/** Uses that a file only gets when its name says so (or nothing else is left for it). */
export const SPECIAL_USES: readonly FileUse[] = ['mask', 'end_frame', 'control', 'reference'];

/** Words that say nothing about which file is meant. */
export const GENERIC_FILE_WORDS: ReadonlySet<string> = new Set([
  'image', 'images', 'img', 'imgs', 'picture', 'pictures', 'photo', 'photos', 'pic', 'pics', 'input', 'inputs', 'file', 'files', 'url', 'urls', 'uri', 'uris', 'path',
  'link', 'media', 'upload', 'uploaded', 'attachment', 'attachments', 'audio', 'video', 'sound', 'clip', 'document', 'doc', 'data', 'src', 'my', 'the', 'a', 'main',
  'init', 'initial', 'original', 'orig', 'jpg', 'jpeg', 'png', 'webp', 'mp3', 'wav', 'mp4', 'b64', 'base64', 'frame', 'of', 'for', 'new', 'copy', 'final',
]);

/** Words that mean the same thing in a file's name and a field's name. */
export const SAME_THING: readonly (readonly string[])[] = [
  ['person', 'human', 'model', 'body', 'people', 'man', 'woman'],
  ['garment', 'garm', 'cloth', 'clothes', 'clothing', 'shirt', 'tshirt', 'dress', 'outfit', 'jacket', 'top', 'jeans', 'hoodie'],
  ['face', 'faces', 'head', 'selfie', 'headshot'],
  ['background', 'bg', 'backdrop', 'scene', 'backplate'],
  ['foreground', 'fg', 'subject', 'object', 'product', 'character'],
  ['style', 'styled', 'painting', 'artwork'],
  ['voice', 'speaker', 'speech', 'vocal', 'vocals', 'narration'],
  ['music', 'song', 'melody', 'instrumental', 'beat'],
  ['logo', 'brand', 'watermark'],
  ['reference', 'ref'],
  ['driving', 'driven', 'motion', 'driver'],
];
