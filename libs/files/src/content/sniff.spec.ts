import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { HEAD_BYTES, isInlineSafe, sniff } from './sniff';

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('sniff', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
    ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
    ['GIF89a\x01\0\x01\0', 'image/gif'],
    ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
    ['RIFF\x24\0\0\0WAVEfmt ', 'audio/wav'],
    ['RIFF\x24\0\0\0AVI LIST', 'video/x-msvideo'],
    ['\0\0\0\x20ftypisom\0\0\x02\0', 'video/mp4'],
    ['\0\0\0\x20ftypM4A \0\0\0\0', 'audio/mp4'],
    ['\0\0\0\x14ftypqt  \0\0\0\0', 'video/quicktime'],
    ['\0\0\0\x1cftypavif\0\0\0\0', 'image/avif'],
    ['\0\0\0\x18ftypheic\0\0\0\0', 'image/heic'],
    ['\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm', 'video/webm'],
    ['\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x88matroska', 'video/x-matroska'],
    [`OggS${'\0'.repeat(24)}OpusHead`, 'audio/ogg'],
    [`OggS${'\0'.repeat(24)}\x80theora`, 'video/ogg'],
    ['ID3\x04\0\0\0\0\0\0', 'audio/mpeg'],
    ['\xff\xfb\x90\x64\0\0', 'audio/mpeg'],
    ['\xff\xf1\x50\x80\0\0', 'audio/aac'],
    ['fLaC\0\0\0\x22', 'audio/flac'],
    ['%PDF-1.7\n', 'application/pdf'],
    ['PK\x03\x04\x14\0', 'application/zip'],
    [`${'a\0'.repeat(128)}\0ustar\0`, 'application/x-tar'],
    ['wOF2\0\x01\0\0', 'font/woff2'],
  ])('tells %j as %s', (head, mime) => {
    expect(sniff(latin(head))).toBe(mime);
  });

  it.each([
    ['just words, BM and PL and GIF', 'text/plain'],
    ['BMW is not a bitmap', 'text/plain'],
    ['grüße, 漢字', 'text/plain'],
    ['{"a": [1, 2]}', 'application/json'],
    [' [1, 2]\n', 'application/json'],
    ['{not json}', 'text/plain'],
    ['<!DOCTYPE html><html><script>alert(1)</script>', 'text/plain'],
    ['<html><svg></svg></html>', 'text/plain'],
    ['<?xml version="1.0"?><note/>', 'text/plain'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['\uFEFF<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC "x" "y">\n<svg:svg/>', 'image/svg+xml'],
  ])('reads %j as %s', (text, mime) => {
    expect(sniff(Buffer.from(text))).toBe(mime);
  });

  it('knows long JSON by its start, and forgives a character cut in two', () => {
    const long = Buffer.from(JSON.stringify({ text: 'ä'.repeat(HEAD_BYTES) })).subarray(0, HEAD_BYTES);
    expect(sniff(long)).toBe('application/json');
    expect(sniff(Buffer.from(`a${'ä'.repeat(HEAD_BYTES)}`).subarray(0, HEAD_BYTES))).toBe('text/plain');
  });

  it('calls compressed and empty data by what is certain', () => {
    expect(sniff(gzipSync('x'))).toBe('application/gzip');
    expect(sniff(deflateSync('x'.repeat(100)))).toBe('application/octet-stream');
    expect(sniff(new Uint8Array())).toBe('application/octet-stream');
  });

  it('never lets anything a browser would run be shown inline', () => {
    fc.assert(fc.property(fc.constantFrom('<svg', '<html>', '<script>', '<?xml?>', '<!doctype html>'), fc.string(), (start, rest) => {
      const mime = sniff(Buffer.from(start + rest));
      expect(mime === 'text/plain' || !isInlineSafe(mime)).toBe(true);
    }));
    for (const mime of ['text/html', 'image/svg+xml', 'application/xml', 'application/pdf', 'text/javascript', '']) expect(isInlineSafe(mime)).toBe(false);
    for (const mime of ['image/png', 'audio/wav', 'video/mp4', 'text/plain']) expect(isInlineSafe(mime)).toBe(true);
  });

  it('has an answer for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (head) => expect(sniff(head)).toMatch(/^[\w.+-]+\/[\w.+-]+$/)));
  });
});
