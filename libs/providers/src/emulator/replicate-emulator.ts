import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@countersign/core';
import { controlRoutes } from './control-routes';
import { EMULATED_MODELS } from './emulated-models';
import { Faults } from './faults';
import { fileRoutes } from './file-routes';
import { HttpDoor, type RecordedCall } from './http-door';
import type { EmulatedModel } from './model-catalogue';
import { modelRoutes, ModelShelf } from './model-routes';
import { PredictionBook } from './prediction-book';
import { predictionJson, type PredictionRecord } from './prediction-record';
import { predictionRoutes } from './prediction-routes';
import { RateLimit } from './rate-limit';
import { StoredFiles } from './stored-files';
import { WebhookSender, type SentWebhook } from './webhook-sender';

const BASE_PATH = '/v1';
const CREATES_PER_MINUTE = 600; // the API's limit
const DEFAULT_EVENTS = ['output', 'completed']; // without a filter
export const EMULATOR_TOKEN = 'r8_emulator';

export interface EmulatorOptions {
  /** 0 = any free one. */
  port?: number;
  token?: string;
  /** `whsec_` + base64; a fresh one unless told. */
  webhookSecret?: string;
  /** Instead of the built-in ones. */
  models?: EmulatedModel[];
  /** All predictions start and run this fast, instead of each model's own time. */
  startMs?: number;
  runMs?: number;
  createsPerMinute?: number;
  /** The window that `createsPerMinute` is counted in, ms; a minute unless told. */
  rateWindowMs?: number;
}

export interface ReplicateEmulator {
  /** For REPLICATE_BASE_URL: `http://127.0.0.1:PORT/v1`. */
  url: string;
  token: string;
  webhookSecret: string;
  /** Every request that came in, oldest first. */
  calls: readonly RecordedCall[];
  /** Create requests that came in, answered or not. */
  createCalls(): RecordedCall[];
  faults: Faults;
  predictions: PredictionBook;
  /** A prediction as the API shows it now. */
  show(record: PredictionRecord): JsonObject;
  webhooks: readonly SentWebhook[];
  close(): Promise<void>;
}

/** A stand-in for the Replicate API on the loopback address. @throws the listen error, e.g. EADDRINUSE. */
export async function startReplicateEmulator(options: EmulatorOptions = {}): Promise<ReplicateEmulator> {
  const token = options.token ?? EMULATOR_TOKEN;
  const webhookSecret = options.webhookSecret ?? `whsec_${randomBytes(24).toString('base64')}`;
  const faults = new Faults();
  const sender = new WebhookSender(webhookSecret, faults);
  const shelf = new ModelShelf(options.models ?? EMULATED_MODELS);
  const uploads = new StoredFiles();
  const deliveries = new StoredFiles();
  let origin = '';
  const apiUrl = (): string => `${origin}${BASE_PATH}`;
  const show = (record: PredictionRecord): JsonObject => predictionJson(record, origin, BASE_PATH);

  const predictions = new PredictionBook({
    ...(options.startMs === undefined ? {} : { startMs: options.startMs }),
    ...(options.runMs === undefined ? {} : { runMs: options.runMs }),
    context: {
      deliver: (name, mime, bytes) => `${origin}/delivery/${deliveries.add({ name, mime, bytes }).id}/${name}`,
      read: (url) => readInput(url, apiUrl(), uploads),
    },
    onEvent: (event, record) => {
      const wanted = record.events ?? DEFAULT_EVENTS;
      if (record.webhook !== null && wanted.includes(event)) void sender.send(record.webhook, event, show(record));
    },
  });
  const limit = new RateLimit(options.createsPerMinute ?? CREATES_PER_MINUTE, options.rateWindowMs);
  const routes = [
    ...predictionRoutes({ book: predictions, shelf, limit, apiUrl, show }),
    ...modelRoutes(shelf, webhookSecret),
    ...fileRoutes(uploads, deliveries, apiUrl),
    ...controlRoutes(faults, () => door.calls),
  ];
  const door: HttpDoor = new HttpDoor(() => routes, faults, token);
  origin = `http://127.0.0.1:${await door.open(options.port ?? 0)}`;

  return {
    url: apiUrl(), token, webhookSecret, faults, predictions, show,
    calls: door.calls,
    webhooks: sender.sent,
    createCalls: () => door.calls.filter((call) => call.isCreate),
    close: async () => {
      sender.close();
      predictions.close();
      await door.close();
    },
  };
}

/** A model here reads what it can have without a network: data URLs and our own uploads. */
function readInput(url: string, apiUrl: string, uploads: StoredFiles): Uint8Array | null {
  const inline = /^data:[^,]*;base64,/.exec(url.slice(0, 300));
  if (inline) return new Uint8Array(Buffer.from(url.slice(inline[0].length), 'base64'));
  const prefix = `${apiUrl}/files/`;
  return url.startsWith(prefix) ? uploads.get(url.slice(prefix.length))?.bytes ?? null : null;
}
