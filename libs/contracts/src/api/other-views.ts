import type { JsonObject } from '@countersign/core';

/** RFC 9457 `application/problem+json`. */
export class ProblemView {
  type: string;
  title: string;
  status: number;
  /** SCREAMING_SNAKE and stable. */
  code: string;
  detail: string;
  errors?: ProblemFieldView[];
  request_id: string;
  /** Only with APPROVAL_ALREADY_DECIDED. */
  decided?: JsonObject;
}

export class ProblemFieldView {
  field: string;
  code: string;
  message: string;
}

export class ProviderView {
  name: string;
  title: string;
  description: string;
  tools: string[];
  capabilities: JsonObject;
  models: { model: string; title: string; description: string }[];
}

export class ProviderListView {
  providers: ProviderView[];
  total: number;
}

export class FormFieldView {
  name: string;
  label: string;
  description: string;
  type: string;
  role: JsonObject;
  required: boolean;
  effectively_required: boolean;
  nullable: boolean;
  default?: unknown;
  default_is_sample: boolean;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  min_length?: number;
  max_length?: number;
  min_items?: number;
  max_items?: number;
}

/** A model's resolved input form. */
export class ModelView {
  provider: string;
  model: string;
  version: string;
  digest: string;
  title: string;
  description: string;
  origin: string;
  fields: FormFieldView[];
  rules: JsonObject[];
  output: JsonObject;
  /** JSON Schema (2020-12) of all fields, enough to draw the form. */
  schema: JsonObject;
}

export class JobView {
  job_id: string;
  name: string;
  queue: string;
  /** `waiting`, `active`, `delayed`, `completed`, `failed`, `unknown`. */
  status: string;
  attempts_made: number;
  error: string | null;
  run_id: string | null;
}

export class UploadView {
  url: string;
  sha256: string;
  mime: string;
  bytes: number;
}

export class BrowserCompletionView {
  success: boolean;
  message: string;
  run_id: string;
}
