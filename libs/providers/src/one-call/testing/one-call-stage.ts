import type { AiProvider, Payload } from '@countersign/core';
import type { AiProviderHarness } from '@countersign/core/testing';
import { startHttp, type HttpAnswer, type HttpRequest, type HttpServer } from '@countersign/testing';

export const KEY = 'key-that-must-not-show';
export const OWN_PICTURE = 'http://127.0.0.1:3000/artifacts/one';
export const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What the server does with the next call instead of answering. `hang`: takes it and never answers. */
export type Fault = HttpAnswer | 'cut' | 'hang';

export interface OneCallStage extends AiProviderHarness {
  server: HttpServer;
  faults: Fault[];
  /** The JSON bodies that came, oldest first. */
  sent(): Record<string, unknown>[];
}

export interface StageParts {
  make(baseUrl: string): AiProvider;
  /** As the real API answers. */
  answer(request: HttpRequest, body: Record<string, unknown>): HttpAnswer;
  model: string;
  input: Payload['input'];
  refused: { input: Payload['input']; field: string };
  ownFile?: Payload['input'];
}

/** A provider against a server in this process that speaks its wire format. */
export async function oneCallStage(parts: StageParts): Promise<OneCallStage> {
  const faults: Fault[] = [];
  const server = await startHttp((request) => {
    const fault = faults.shift();
    if (fault === 'cut') request.cut();
    if (fault === 'cut' || fault === 'hang') return undefined;
    return fault ?? parts.answer(request, jsonOf(request));
  });
  const provider = parts.make(`${server.url}/v1`);
  const known = await provider.form({ model: parts.model, version: null });
  if (!known.ok) throw new Error(known.detail);
  const payload = (input: Payload['input']): Payload => ({ provider: provider.name, model: parts.model, version: known.form.version, input });
  return {
    provider, server, faults,
    sent: () => server.requests.map(jsonOf),
    payload: payload(parts.input),
    knownModel: { model: parts.model, version: null },
    unknownModel: { model: `${provider.name}-like/nothing`, version: null },
    refused: { payload: payload(parts.refused.input), field: parts.refused.field },
    slow: null,
    ownFile: parts.ownFile ? { payload: payload(parts.ownFile), url: OWN_PICTURE } : null,
    openInput: async (url) => {
      if (url !== OWN_PICTURE) throw new Error(`${url} is not ours`);
      return { mime: 'image/png', bytes: PNG.length, name: null, read: async function* () { yield PNG; } };
    },
    createRequests: () => server.requests.filter(({ method }) => method === 'POST').length,
    loseNextAnswer: () => void faults.push('cut'),
    disconnect: () => server.close(),
    close: () => server.close(),
  };
}

function jsonOf({ body }: HttpRequest): Record<string, unknown> {
  return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
}
