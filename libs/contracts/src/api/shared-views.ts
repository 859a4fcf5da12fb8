import type { JsonObject } from '@countersign/core';
import { JsonField, TextField } from './api-fields';

/** Paths relative to the gateway's address. */
export class LinksView {
  @TextField('This thing itself.', { example: '/hitl/runs/019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11/state' }) self: string;
  @TextField('Light view of the run.', { optional: true }) status?: string;
  @TextField('Everything about the run.', { optional: true }) state?: string;
  @TextField('Its events as they happen (Server-Sent Events).', { optional: true }) events?: string;
  @TextField('Where to decide by run.', { optional: true }) approve?: string;
  @TextField('Where to decide by approval.', { optional: true }) decision?: string;
  @TextField('The run that it belongs to.', { optional: true }) run?: string;
}

export class PayloadView {
  @TextField('Who would run it.', { example: 'replicate' }) provider: string;
  @TextField('The model.', { example: 'lucataco/remove-bg' }) model: string;
  @TextField('The model\'s version.', { example: '95fcc2a26d3899cd6c2691c900465aaeff466285a65c14638cc5f36f34befaf1' }) version: string;
  @JsonField('Exactly what is sent as the model\'s input.', { example: { image: 'https://files.example.com/cat.png' } }) input: JsonObject;
}
