import type { Form, Instant, JsonObject } from '@countersign/core';
import type { PriceTable } from './price-table';

/** A model's schema as Replicate publishes it, ready to be read into a form. */
export interface RawModelSchema {
  provider: string;
  /** `owner/name`. */
  model: string;
  /** The 64-hex version id, or `hidden` for an official model. */
  version: string;
  /** SHA-256 (hex) of the canonical `components.schemas`: tells two states of one official model apart. */
  digest: string;
  title: string;
  description: string;
  /** `components.schemas.Input`, references not resolved. */
  inputSchema: JsonObject;
  /** `components.schemas.Output`, null when the model publishes none. */
  outputSchema: JsonObject | null;
  /** The whole OpenAPI document, in which references are to be resolved. */
  schema: JsonObject;
}

/** @throws when the schema cannot be read as a form; the provider then answers `no_schema`. */
export type BuildForm = (raw: RawModelSchema) => Form;

export interface ReplicateSettings {
  /** null = not configured: every question that needs it is answered `unauthorized` without a request. */
  apiToken: string | null;
  /** With the version path, e.g. `https://api.replicate.com/v1`. */
  baseUrl: string;
  /** `whsec_…` from GET /webhooks/default/secret; null = call-backs are not believed. */
  webhookSecret: string | null;
  buildForm: BuildForm;
  /** For reads and downloads; the paid request has its own connection (post-once.ts). */
  fetch?: typeof fetch;
  clock?: () => Instant;
  priceTable?: PriceTable;
}

export const PROVIDER_NAME = 'replicate';

/** What predictions of official models carry instead of a version id. */
export const HIDDEN_VERSION = 'hidden';

const MAX_DETAIL = 2_000; // characters: enough for any error body seen, small enough for a log line and a row

/** The operator's text with the token taken out, however it got in. */
export function withoutSecrets(text: string, settings: Pick<ReplicateSettings, 'apiToken' | 'webhookSecret'>): string {
  let clean = text;
  for (const secret of [settings.apiToken, settings.webhookSecret]) if (secret) clean = clean.replaceAll(secret, '[secret]');
  return clean.length > MAX_DETAIL ? `${clean.slice(0, MAX_DETAIL)}…` : clean;
}
