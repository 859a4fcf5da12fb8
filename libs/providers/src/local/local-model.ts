import type { Form, JsonObject, OpenInput, ProviderOutput } from '@countersign/core';
import type { LocalTask, ResultOf } from './local-tasks';

export interface LocalCall {
  /** Checked against the form. */
  input: JsonObject;
  openInput: OpenInput;
  /** Does a task in a worker thread, under the call's signal and time limit. */
  run<Task extends LocalTask>(task: Task): Promise<ResultOf<Task>>;
}

/** One model of this machine. */
export interface LocalModel {
  form: Form;
  /** @throws InputRefusedError before anything runs; what run() throws otherwise. */
  start(call: LocalCall): Promise<ProviderOutput>;
}

/** A field of the input cannot be used; `why` continues a sentence that begins with the field's name. */
export class InputRefusedError extends Error {
  constructor(readonly field: string, readonly code: string, why: string) {
    super(`${field} ${why}`);
  }
}

/** The provider's name in every form and payload. */
export const LOCAL = 'local';
