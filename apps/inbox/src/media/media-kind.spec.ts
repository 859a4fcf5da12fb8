import { isLoadable, mediaKind, ownAddress } from './media-kind';

describe('mediaKind', () => {
  it.each([
    ['/artifacts/x', { mime: 'audio/wav' }, 'audio'],
    ['data:image/png;base64,AAAA', {}, 'image'],
    ['https://x.example/a.MP4?sig=1', {}, 'video'],
    ['https://x.example/file', { hint: 'image' }, 'image'],
    ['https://x.example/file', { hint: 'any' }, 'file'],
    ['/artifacts/x', { mime: 'application/json' }, 'text'],
  ] as const)('%s %j is %s', (url, hints, kind) => expect(mediaKind(url, hints)).toBe(kind));

  it('loads nothing by script, by plain http or from a protocol-relative address', () => {
    expect(['javascript:alert(1)', 'http://x/a.png', '//x/a.png', 'data:application/pdf,x', 'file:///etc/passwd'].some(isLoadable)).toBe(false);
    expect(['/artifacts/1', 'https://x/a.png', 'data:image/png,x', 'blob:https://x/1'].every(isLoadable)).toBe(true);
  });

  it('addresses our own files by path under any local name', () => {
    expect(ownAddress('http://127.0.0.1:3000/artifacts/1?s=2', 'http://localhost:3000')).toBe('/artifacts/1?s=2');
    expect(ownAddress('http://127.0.0.1:4000/artifacts/1', 'http://localhost:3000')).toBe('http://127.0.0.1:4000/artifacts/1');
    expect(ownAddress('https://x.example/a', 'http://localhost:3000')).toBe('https://x.example/a');
  });
});
