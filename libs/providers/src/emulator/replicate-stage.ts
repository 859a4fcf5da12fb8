import { createHash } from 'node:crypto';
import type { CallbackRequest, Form, FormField, InputFile, Instant, Json, JsonObject, Payload } from '@countersign/core';
import type { AiProviderHarness } from '@countersign/core/testing';
import { signCallback } from '../replicate/callback-signature';
import { ReplicateProvider } from '../replicate/replicate.provider';
import type { RawModelSchema, ReplicateSettings } from '../replicate/replicate-settings';
import { EMULATED_MODELS } from './emulated-models';
import { versionId } from './model-catalogue';
import { startReplicateEmulator, type EmulatorOptions, type ReplicateEmulator } from './replicate-emulator';
import { picture } from './sample-media';

/** The provider on a fresh emulator, for specs. */
export interface ReplicateStage extends AiProviderHarness {
  provider: ReplicateProvider;
  emulator: ReplicateEmulator;
  /** The same provider with other settings. */
  withSettings(change: Partial<ReplicateSettings>): ReplicateProvider;
}

export const OWN_FILE = 'https://countersign.test/artifacts/1';

export async function replicateStage(options: EmulatorOptions = {}): Promise<ReplicateStage> {
  const emulator = await startReplicateEmulator({ startMs: 1, runMs: 10, models: stageModels(), ...options });
  const settings: ReplicateSettings = { apiToken: emulator.token, baseUrl: emulator.url, webhookSecret: emulator.webhookSecret, buildForm: plainForm };
  const withSettings = (change: Partial<ReplicateSettings>): ReplicateProvider => new ReplicateProvider({ ...settings, ...change });
  const ownBytes = await picture('own', 32, 32, 'png');
  return {
    emulator,
    withSettings,
    provider: withSettings({}),
    payload: payloadOf('black-forest-labs/flux-schnell', { prompt: 'a lighthouse', output_format: 'png' }),
    knownModel: { model: 'lucataco/remove-bg', version: null },
    unknownModel: { model: 'nobody/nothing', version: '0'.repeat(64) },
    refused: { payload: payloadOf('black-forest-labs/flux-schnell', { prompt: 'x', num_inference_steps: 50 }), field: 'num_inference_steps' },
    slow: payloadOf('countersign/slow-painter', { prompt: 'a long day' }),
    ownFile: { payload: payloadOf('lucataco/remove-bg', { image: OWN_FILE }), url: OWN_FILE },
    openInput: () => Promise.resolve(inputFile(ownBytes)),
    createRequests: () => emulator.createCalls().length,
    loseNextAnswer: () => emulator.faults.add({ on: 'create', action: { do: 'drop_after' } }),
    disconnect: () => emulator.close(),
    signCallback: (jobId, at) => signedCallback({ id: jobId }, at, emulator.webhookSecret),
    close: () => emulator.close(),
  };
}

export function payloadOf(model: string, input: JsonObject): Payload {
  const found = EMULATED_MODELS.find((each) => `${each.owner}/${each.name}` === model);
  return { provider: 'replicate', model, version: found && !found.isOfficial ? versionId(found) : 'hidden', input };
}

export function inputFile(bytes: Uint8Array, mime = 'image/png'): InputFile {
  return {
    mime, bytes: bytes.byteLength, name: 'own file.png',
    read: async function* () {
      yield bytes;
    },
  };
}

export function signedCallback(body: Json, at: Instant, secret: string): CallbackRequest {
  const rawBody = new TextEncoder().encode(JSON.stringify(body));
  const message = { id: 'msg_1', timestamp: Math.floor(Date.parse(at) / 1000), body: rawBody };
  return { rawBody, headers: { 'webhook-id': message.id, 'webhook-timestamp': String(message.timestamp), 'webhook-signature': signCallback(message, secret) } };
}

/** The slow one stays slow even when the stage runs everything at once. */
function stageModels() {
  return EMULATED_MODELS.map((model) => (model.name === 'slow-painter' ? { ...model, make: () => new Promise<never>(() => undefined) } : model));
}

/** Enough of a form for the provider's own promises; reading schemas well is the validator's trade. */
export function plainForm(raw: RawModelSchema): Form {
  const properties = (raw.inputSchema['properties'] ?? {}) as Record<string, JsonObject>;
  const fields = Object.keys(properties).map((name, order): FormField => ({
    name, label: name, description: '', type: 'any', role: { kind: 'option' }, required: false, effectivelyRequired: false, nullable: false, defaultIsSample: false, order, secret: false,
  }));
  const { provider, model, version, title, description } = raw;
  return { provider, model, version, digest: createHash('sha256').update(raw.digest).digest('hex'), title, description, fields, rules: [], origin: 'schema', output: { kind: 'any' }, rawSchema: raw.schema };
}
