import type { JsonObject } from '@countersign/core';
import { ClaimedView, DecidedView } from './approval-views';
import { AnyField, AnyListField, FlagField, HashField, IdField, JsonField, JsonListField, ListField, NumberField, ObjectField, TextField, TextListField, WholeField } from './api-fields';

export class ProblemFieldView {
  @TextField('Path of the field.', { example: 'run_input.prompt' }) field: string;
  @TextField('Stable name of the problem.', { example: 'is_string' }) code: string;
  @TextField('For people.', { example: 'run_input.prompt must be a string' }) message: string;
}

/** RFC 9457 `application/problem+json`. */
export class ProblemView {
  @TextField('Names the kind of problem.', { example: 'urn:countersign:problem:validation-failed' }) type: string;
  @TextField('The kind, for people.', { example: 'The request is not valid' }) title: string;
  @WholeField('HTTP status.', { example: 422 }) status: number;
  /** SCREAMING_SNAKE and stable. */
  @TextField('SCREAMING_SNAKE and stable.', { example: 'VALIDATION_FAILED' }) code: string;
  @TextField('This very case, for people.') detail: string;
  @ListField(() => ProblemFieldView, 'Per field.', { optional: true }) errors?: ProblemFieldView[];
  @TextField('Under this id the request stands in the logs.') request_id: string;
  /** Only with APPROVAL_ALREADY_DECIDED. */
  @ObjectField(() => DecidedView, 'Who was first; only with APPROVAL_ALREADY_DECIDED.', { optional: true }) decided?: JsonObject;
  /** Only with APPROVAL_CLAIMED. */
  @ObjectField(() => ClaimedView, 'Who looks at it; only with APPROVAL_CLAIMED.', { optional: true }) claimed?: JsonObject;
}

export class OfferedModelView {
  @TextField('Name to ask for.', { example: 'local/upscale' }) model: string;
  @TextField('For a heading.') title: string;
  @TextField('What it does.') description: string;
}

export class ProviderView {
  @TextField('Name to ask for.', { example: 'replicate' }) name: string;
  @TextField('For a heading.', { example: 'Replicate' }) title: string;
  @TextField('What it is.') description: string;
  @TextListField('Tools that it stands behind.', { example: ['replicate-agent-tool'] }) tools: string[];
  @JsonField('What it can do: idempotency, reconcile, cancel, result, callbacks, streaming, paid.') capabilities: JsonObject;
  @ListField(() => OfferedModelView, 'Its models; empty = any model by name.') models: { model: string; title: string; description: string }[];
}

export class ProviderListView {
  @ListField(() => ProviderView, 'All of them.') providers: ProviderView[];
  @WholeField('How many.', { example: 3 }) total: number;
}

export class FormFieldView {
  @TextField('Name in the payload.', { example: 'image' }) name: string;
  @TextField('For a label.', { example: 'Image' }) label: string;
  @TextField('The model\'s own words.') description: string;
  @TextField('Kind of value.', { enum: ['string', 'integer', 'number', 'boolean', 'array', 'object', 'any'] }) type: string;
  @JsonField('What it is for, e.g. `{kind: "file", media: "image", shape: "url"}`.', { example: { kind: 'prompt' } }) role: JsonObject;
  @FlagField('In the schema\'s own `required` list.') required: boolean;
  @FlagField('The model cannot do its job without it.') effectively_required: boolean;
  @FlagField('May be null.') nullable: boolean;
  @AnyField('The schema\'s default.', { optional: true }) default?: unknown;
  @FlagField('The default is the author\'s sample: it is never sent.') default_is_sample: boolean;
  @AnyListField('Allowed values.', { optional: true }) enum?: unknown[];
  @NumberField('Least value.', { optional: true }) minimum?: number;
  @NumberField('Greatest value.', { optional: true }) maximum?: number;
  @WholeField('Fewest characters.', { optional: true }) min_length?: number;
  @WholeField('Most characters.', { optional: true }) max_length?: number;
  @WholeField('Fewest items.', { optional: true }) min_items?: number;
  @WholeField('Most items.', { optional: true }) max_items?: number;
}

/** A model's resolved input form. */
export class ModelView {
  @TextField('Who runs it.', { example: 'replicate' }) provider: string;
  @TextField('The model.', { example: 'lucataco/remove-bg' }) model: string;
  @TextField('Its version.') version: string;
  @HashField('Of the schema that this form was made from.') digest: string;
  @TextField('For a heading.') title: string;
  @TextField('What it does.') description: string;
  @TextField('Read from the schema, or guessed from an example.', { enum: ['schema', 'inferred'] }) origin: string;
  @ListField(() => FormFieldView, 'In the model\'s own order.') fields: FormFieldView[];
  @JsonListField('Rules between fields.') rules: JsonObject[];
  @JsonField('What comes out.', { example: { kind: 'uri', media: 'image' } }) output: JsonObject;
  /** JSON Schema (2020-12) of all fields, enough to draw the form. */
  @JsonField('JSON Schema (2020-12) of all fields, enough to draw the form.') schema: JsonObject;
}

export class JobView {
  @TextField('The job.', { example: 'run.start_019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11' }) job_id: string;
  @TextField('What it does.', { example: 'run.start' }) name: string;
  @TextField('Its queue.', { example: 'orchestrator' }) queue: string;
  /** `waiting`, `active`, `delayed`, `completed`, `failed`, `unknown`. */
  @TextField('How it stands.', { enum: ['waiting', 'active', 'delayed', 'completed', 'failed', 'unknown'] }) status: string;
  @WholeField('Tries so far.', { example: 1 }) attempts_made: number;
  @TextField('Why the last try failed.', { nullable: true }) error: string | null;
  @IdField('The run that it works on.', { nullable: true }) run_id: string | null;
}

export class UploadView {
  @TextField('Address to use as an attachment or in a file field.') url: string;
  @HashField('Of the content.') sha256: string;
  @TextField('Told from the content.', { example: 'image/png' }) mime: string;
  @WholeField('Size.', { example: 48211 }) bytes: number;
}

export class BrowserCompletionView {
  @FlagField('It is on record.') success: boolean;
  @TextField('For people.') message: string;
  @IdField('The run.') run_id: string;
}

export class HealthView {
  @TextField('All checks together.', { enum: ['up', 'down'] }) status: string;
  @JsonField('Name → `{status, ms, reason?}`.', { example: { postgres: { status: 'up', ms: 1 }, redis: { status: 'up', ms: 1 } } }) checks: JsonObject;
}
