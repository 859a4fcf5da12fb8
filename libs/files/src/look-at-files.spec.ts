import type { Artifact, ArtifactStore, FileObservation, Form, ValidationRequest } from '@countersign/core';
import { InMemoryArtifactFiles } from '@countersign/core/testing';
import { LookAtFiles, type LookSettings } from './look-at-files';
import { OwnFiles } from './artifacts/own-files';

const ID = '019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000100000002008060000001ff3ff61', 'hex');
const REQUEST: ValidationRequest = { prompt: '', parameters: {}, attachments: [], conversation: [], edits: {}, observations: [] };

/** Asks for these addresses, as long as nothing is known of them. */
const wanting = (...urls: string[]) => (_form: Form | null, { observations }: ValidationRequest): string[] =>
  urls.filter((url) => !observations.some((seen) => seen.url === url));

describe('LookAtFiles', () => {
  const asked: string[] = [];
  const fetch = {
    open: () => Promise.reject(new Error('not opened here')),
    observe: async (url: string): Promise<FileObservation> => {
      asked.push(url);
      if (url.includes('never')) return new Promise<FileObservation>(() => undefined);
      return { url, outcome: 'ok', mime: 'image/png', bytes: 1 };
    },
  };
  const files = new InMemoryArtifactFiles();
  let artifact: Artifact;
  beforeAll(async () => {
    const { sha256 } = await files.put((async function* () { yield PNG; })(), { maxBytes: 1_000 });
    artifact = { artifactId: ID, tenantId: 'acme', userId: 'ann', runId: null, sha256, mime: 'image/png', bytes: PNG.length, name: 'mask.png', createdAt: '2026-01-01T00:00:00.000Z' };
  });
  beforeEach(() => { asked.length = 0; });

  const look = async (settings: Pick<LookSettings, 'wanted'> & Partial<LookSettings>, tenantId = 'acme'): Promise<FileObservation[]> => {
    const store = { find: async (id: string) => (id === ID ? artifact : null), save: async () => undefined } satisfies ArtifactStore;
    return (await new LookAtFiles(new OwnFiles(store, files), { allowHosts: [], fetch, ...settings }).look(tenantId, null, REQUEST)).observations;
  };

  it.each([`http://127.0.0.1:3000/artifacts/${ID}`, `https://elsewhere.example/artifacts/${ID.toUpperCase()}?expires=1&signature=x`])('reads %s from the store', async (url) => {
    expect(await look({ wanted: wanting(url) })).toEqual([{ url, outcome: 'ok', mime: 'image/png', bytes: PNG.length, width: 16, height: 32, name: 'mask.png' }]);
    expect(asked).toEqual([]);
  });

  it.each([['another tenant\'s file', `https://a.example/artifacts/${ID}`, 'other'], ['an id in the query', `https://a.example/x?y=/artifacts-${ID}`, 'acme']])('does not read %s from the store', async (_what, url, tenant) => {
    await look({ wanted: wanting(url) }, tenant);
    expect(asked).toEqual([url]);
  });

  it('looks at data URLs without asking anybody', async () => {
    expect(await look({ wanted: wanting('data:text/plain,hi') })).toEqual([{ url: 'data:text/plain,hi', outcome: 'ok', mime: 'text/plain', bytes: 2 }]);
    expect(asked).toEqual([]);
  });

  it('looks at twenty files, and judges the other addresses as they are written', async () => {
    const many = Array.from({ length: 40 }, (_, at) => `https://a.example/${at}.png`);
    const seen = await look({ wanted: wanting(...many, 'http://169.254.169.254/latest', 'data:text/plain,hi') });
    expect(asked).toEqual(many.slice(0, 20));
    expect(seen.filter(({ outcome }) => outcome !== 'ok')).toEqual([expect.objectContaining({ url: 'http://169.254.169.254/latest', outcome: 'not_allowed' })]);
  });

  it('ends in time, with what there is', async () => {
    const seen = await look({ wanted: wanting('https://a.example/never', 'https://a.example/1.png'), totalMs: 20 });
    expect(seen).toEqual([
      { url: 'https://a.example/never', outcome: 'unreachable', detail: 'Looking at the file took too long.' },
      { url: 'https://a.example/1.png', outcome: 'ok', mime: 'image/png', bytes: 1 },
    ]);
  });

  it('asks again when one file leads to others, three times at most', async () => {
    const chain = (_form: Form | null, { observations }: ValidationRequest): string[] => [`https://a.example/${observations.length}`];
    expect(await look({ wanted: chain })).toHaveLength(3);
  });
});
