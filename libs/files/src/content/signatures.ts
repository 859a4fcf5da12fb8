/** Media files are told here, by hand: general tables call every `ftyp` file a video and every `RIFF` file a sound. */
interface Signature {
  mime: string;
  at: number;
  /** Latin-1 text of the bytes; `?` stands for any byte. */
  bytes: string;
}

const SIGNATURES: readonly Signature[] = [
  { mime: 'image/png', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { mime: 'image/jpeg', at: 0, bytes: '\xff\xd8\xff' },
  { mime: 'image/gif', at: 0, bytes: 'GIF87a' },
  { mime: 'image/gif', at: 0, bytes: 'GIF89a' },
  { mime: 'image/webp', at: 0, bytes: 'RIFF????WEBP' },
  { mime: 'image/avif', at: 4, bytes: 'ftypavif' },
  { mime: 'image/avif', at: 4, bytes: 'ftypavis' },
  { mime: 'image/heic', at: 4, bytes: 'ftyphei' },
  { mime: 'image/heic', at: 4, bytes: 'ftyphev' },
  { mime: 'image/heif', at: 4, bytes: 'ftypmif1' },
  { mime: 'image/heif', at: 4, bytes: 'ftypmsf1' },
  { mime: 'image/tiff', at: 0, bytes: 'II*\0' },
  { mime: 'image/tiff', at: 0, bytes: 'MM\0*' },
  { mime: 'image/jxl', at: 0, bytes: '\0\0\0\x0cJXL ' },
  { mime: 'audio/wav', at: 0, bytes: 'RIFF????WAVE' },
  { mime: 'audio/flac', at: 0, bytes: 'fLaC' },
  { mime: 'audio/aiff', at: 0, bytes: 'FORM????AIF' },
  { mime: 'audio/mpeg', at: 0, bytes: 'ID3' },
  { mime: 'audio/mp4', at: 4, bytes: 'ftypM4A' },
  { mime: 'audio/mp4', at: 4, bytes: 'ftypM4B' },
  { mime: 'audio/ogg', at: 0, bytes: 'OggS????????????????????????\x01vorbis' },
  { mime: 'audio/ogg', at: 0, bytes: 'OggS????????????????????????OpusHead' },
  { mime: 'audio/ogg', at: 0, bytes: 'OggS????????????????????????\x7fFLAC' },
  { mime: 'video/ogg', at: 0, bytes: 'OggS' },
  { mime: 'audio/midi', at: 0, bytes: 'MThd' },
  { mime: 'video/quicktime', at: 4, bytes: 'ftypqt  ' },
  { mime: 'video/3gpp', at: 4, bytes: 'ftyp3g' },
  { mime: 'video/mp4', at: 4, bytes: 'ftyp' },
  { mime: 'video/x-msvideo', at: 0, bytes: 'RIFF????AVI ' },
  { mime: 'application/pdf', at: 0, bytes: '%PDF-' },
  { mime: 'application/zip', at: 0, bytes: 'PK\x03\x04' },
  { mime: 'application/zip', at: 0, bytes: 'PK\x05\x06' },
  { mime: 'application/gzip', at: 0, bytes: '\x1f\x8b\x08' },
  { mime: 'application/x-tar', at: 257, bytes: 'ustar' },
];

/** @returns the media type whose signature the head of a file carries, null when none does. */
export function typeBySignature(head: Uint8Array): string | null {
  const found = SIGNATURES.find(({ at, bytes }) => carries(head, at, bytes));
  if (found !== undefined) return found.mime;
  if (carries(head, 0, '\x1a\x45\xdf\xa3')) return carries(head, indexOf(head, 'webm'), 'webm') ? 'video/webm' : 'video/x-matroska';
  return audioFrame(head);
}

function carries(head: Uint8Array, at: number, bytes: string): boolean {
  if (at < 0 || head.byteLength < at + bytes.length) return false;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== '?' && bytes.charCodeAt(index) !== head[at + index]) return false;
  }
  return true;
}

const EBML_HEADER_BYTES = 64; // the doc type of a Matroska file stands within its first bytes

function indexOf(head: Uint8Array, word: string): number {
  return Buffer.from(head.subarray(0, EBML_HEADER_BYTES)).indexOf(word, 0, 'latin1');
}

/** MPEG audio and AAC streams have no name at their head, only the 11 or 12 set bits of a frame. */
function audioFrame(head: Uint8Array): string | null {
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff) return null;
  if ((second & 0xf6) === 0xf0) return 'audio/aac';
  const isLayerThree = (second & 0xe6) === 0xe2;
  const hasRates = (third & 0xf0) !== 0xf0 && (third & 0x0c) !== 0x0c;
  return isLayerThree && hasRates ? 'audio/mpeg' : null;
}
