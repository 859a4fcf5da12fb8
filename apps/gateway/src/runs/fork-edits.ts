import type { JsonObject, NewRun } from '@countersign/core';
import { LookAtFiles } from '@countersign/files';
import { sha256Hex } from '@countersign/service-kit';
import { prepare, requestOf } from '@countersign/validator';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http/answers/problem';
import { ModelForms } from '../models/model-forms';

/** Whether a fork's edits are fit for its model. What is wrong besides is asked about by the new run itself. */
@Injectable()
export class ForkEdits {
  constructor(private readonly forms: ModelForms, private readonly files: LookAtFiles) {}

  /** @throws ProblemError VALIDATION_FAILED with every problem that the edits have */
  async check(run: Omit<NewRun, 'runId'>, given: JsonObject): Promise<void> {
    const names = Object.keys(given);
    if (names.length === 0) return;
    const known = await this.forms.find({ provider: run.provider, model: run.model, version: run.modelVersion });
    const form = known?.form ?? this.forms.guess(run);
    if (!form) throw new ProblemError('MODEL_UNAVAILABLE', 'the model\'s form cannot be had now, so the edits cannot be checked; please try again');
    const fields = new Set(form.fields.map(({ name }) => name));
    const unknown = names.filter((name) => !fields.has(name)).map((name) => ({ field: `edits.${name}`, code: 'unknown_field', message: `${run.model} has no field ${name}` }));
    const request = await this.files.look(run.tenantId, form, requestOf(run.originalInput, run.edits ?? {}));
    const { summary } = prepare({ form, request, provider: run.provider, model: run.model, sha256: sha256Hex, estimate: () => null });
    const bad = summary.checkpoints.flatMap(({ issues }) => issues).filter(({ field, severity }) => severity === 'error' && names.includes(field))
      .map(({ field, code, message }) => ({ field: `edits.${field}`, code, message }));
    const errors = [...unknown, ...bad];
    if (errors.length > 0) throw new ProblemError('VALIDATION_FAILED', errors.map(({ message }) => message).join(' '), { errors });
  }
}
