import { describeAiProvider } from '@countersign/core/testing';
import type { AiProviderHarness } from '@countersign/core/testing';
import type { JsonObject, LaunchAnswer, LaunchRequest } from '@countersign/core';
import { LocalProvider } from './local.provider';
import { drawText } from './sample-pictures';

const OWN_URL = 'http://127.0.0.1:3000/artifacts/one';

/** Counts the runs that were really begun. */
class CountedProvider extends LocalProvider {
  begun = 0;
  override async launch(request: LaunchRequest): Promise<LaunchAnswer> {
    const answer = await super.launch(request);
    if (answer.kind === 'launched') this.begun += 1;
    return answer;
  }
}

interface Case {
  model: string;
  input: JsonObject;
  refused: { input: JsonObject; field: string };
}

function harnessFor({ model, input, refused }: Case): () => Promise<AiProviderHarness> {
  return async () => {
    const provider = new CountedProvider({ workers: 1 });
    const picture = await drawText(['MAKE IT']);
    const payload = { provider: 'local', model, version: '1', input };
    return {
      provider, payload,
      knownModel: { model, version: null },
      unknownModel: { model: 'local/nothing', version: null },
      refused: { payload: { ...payload, input: refused.input }, field: refused.field },
      slow: null,
      ownFile: 'image' in input ? { payload, url: OWN_URL } : null,
      openInput: async (url) => {
        if (url !== OWN_URL) throw new Error(`${url} is not ours`);
        return { mime: 'image/png', bytes: picture.length, name: null, read: async function* () { yield picture; } };
      },
      createRequests: () => provider.begun,
      close: () => provider.close(),
    };
  };
}

const CASES: Case[] = [
  { model: 'local/upscale', input: { image: OWN_URL }, refused: { input: { image: 'https://example.com/other.png' }, field: 'image' } },
  { model: 'local/read', input: { image: OWN_URL }, refused: { input: { image: OWN_URL, layout: 'upside down' }, field: 'layout' } },
  { model: 'local/speak', input: { text: 'hello' }, refused: { input: { text: ' ' }, field: 'text' } },
];
for (const each of CASES) describeAiProvider(each.model, harnessFor(each));
