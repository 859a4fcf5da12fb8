import { AiProvider } from '@countersign/core';
import type {
  CallbackReading, CostEstimate, Form, FormAnswer, LaunchAnswer, LaunchTrace, ModelRef, OpenedOutput, ReconcileAnswer, Refusal,
  RefusedField,
} from '@countersign/core';

/** What all providers share that cost nothing, know their models by heart, and run inside this process. */
export abstract class FreeProvider extends AiProvider {
  protected abstract readonly forms: readonly Form[];

  models(): { model: string; title: string; description: string }[] {
    return this.forms.map(({ model, title, description }) => ({ model, title, description }));
  }

  async form(ref: ModelRef): Promise<FormAnswer> {
    const form = this.formOf(ref.model, ref.version);
    if (form !== undefined) return { ok: true, form };
    const name = ref.version === null ? ref.model : `${ref.model}:${ref.version}`;
    return { ok: false, reason: 'model_unknown', detail: `${this.name} has no model ${name}. It has: ${this.modelNames()}` };
  }

  /** Nothing is lost between us and a model in this process: a launch without an answer left nothing behind. */
  async reconcile(_trace: LaunchTrace): Promise<ReconcileAnswer> {
    return { kind: 'not_found' };
  }

  estimate(): CostEstimate {
    return FREE;
  }

  cost(): CostEstimate {
    return FREE;
  }

  readCallback(): CallbackReading {
    return { ok: false, reason: 'not_configured' };
  }

  async openOutput(url: string): Promise<OpenedOutput> {
    throw new Error(`${this.name} hands its files over with the answer; ${new URL(url).host} is not one of its hosts`);
  }

  protected formOf(model: string, version: string | null): Form | undefined {
    return this.forms.find((form) => form.model === model && (version === null || form.version === version));
  }

  protected unknownModel(model: string, version: string): LaunchAnswer {
    return refused('model_not_found', `${model} (version ${version}) is not a model of ${this.name}.`, {
      detail: `known models: ${this.modelNames()}`,
    });
  }

  private modelNames(): string {
    return this.forms.map((form) => form.model).join(', ');
  }
}

const FREE: CostEstimate = { amount: 0, currency: 'USD', basis: 'runs on this machine: free' };

export function refused(reason: Refusal['reason'], message: string, more: Partial<Refusal> = {}): LaunchAnswer {
  return { kind: 'refused', refusal: { reason, message, detail: message, retryAfterMs: null, fields: [], ...more } };
}

export function calledOff(): LaunchAnswer {
  return refused('other', 'The run was called off before it started.');
}

export function refusedInput(fields: RefusedField[]): LaunchAnswer {
  return refused('invalid_input', fields.map((field) => field.message).join('. '), { fields });
}
