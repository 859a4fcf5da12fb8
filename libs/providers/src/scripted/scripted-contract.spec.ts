import { describeAiProvider } from '@countersign/core/testing';
import type { AiProviderHarness } from '@countersign/core/testing';
import type { InputFile, LaunchAnswer, LaunchRequest } from '@countersign/core';
import { ScriptedProvider } from './scripted.provider';

const OWN_URL = 'http://127.0.0.1:3000/artifacts/one';

/** Counts the runs that were really begun. */
class CountedProvider extends ScriptedProvider {
  readonly begun = new Set<string>();
  override async launch(request: LaunchRequest): Promise<LaunchAnswer> {
    const answer = await super.launch(request);
    if (answer.kind === 'launched') this.begun.add(answer.jobId);
    return answer;
  }
}

async function openInput(url: string): Promise<InputFile> {
  if (url !== OWN_URL) throw new Error(`${url} is not ours`);
  return { mime: 'image/png', bytes: 3, name: null, read: async function* () { yield Uint8Array.from([1, 2, 3]); } };
}

function harnessFor(model: string): () => Promise<AiProviderHarness> {
  return async () => {
    const provider = new CountedProvider();
    const payload = { provider: 'scripted', model, version: '1', input: { prompt: 'hello' } };
    return {
      provider, payload, openInput,
      knownModel: { model, version: null },
      unknownModel: { model: 'scripted/nothing', version: null },
      refused: { payload: { ...payload, input: { prompt: 'x', outcome: 'refuse_input' } }, field: 'outcome' },
      slow: { ...payload, model: 'scripted/job', input: { prompt: 'x', delay_ms: 600_000 } },
      ownFile: { payload: { ...payload, input: { prompt: 'x', reference: OWN_URL } }, url: OWN_URL },
      createRequests: () => provider.begun.size,
      close: async () => undefined,
    };
  };
}

for (const model of ['scripted/echo', 'scripted/image', 'scripted/job']) describeAiProvider(model, harnessFor(model));
