import type { Form, JsonObject, ParameterMemory, Preparation, ReviewedFile, Run, RunMemory, Sha256 } from '@countersign/core';
import type { LookAtFiles } from '@countersign/files';
import type { Estimates } from '@countersign/providers';
import { jsonSchemaOf, namedFiles, prepare, requestOf } from '@countersign/validator';
import type { ModelForms } from './model-forms';

export type PrepareAnswer = { kind: 'prepared'; preparation: Preparation } | { kind: 'asked' };

/** Checks a run's request, and the files it names, against its model's form. */
export class PrepareRun {
  constructor(
    private readonly forms: ModelForms,
    private readonly lookAtFiles: LookAtFiles,
    private readonly estimates: Estimates,
    private readonly sha256: Sha256,
    private readonly memory: ParameterMemory,
  ) {}

  async prepare(run: Run): Promise<PrepareAnswer> {
    const answer = await this.forms.formFor(run);
    if (answer.kind === 'asked') return answer;
    const form = answer.kind === 'form' ? answer.form : null;
    const [request, memory] = await Promise.all([
      this.lookAtFiles.look(run.tenantId, form, requestOf(run.originalInput, run.edits)), form ? this.remembered(run, form) : undefined,
    ]);
    return {
      kind: 'prepared',
      preparation: await this.estimates.with(prepare({
        form,
        request,
        provider: run.provider,
        model: run.model,
        sha256: this.sha256,
        estimate: () => null,
        ...(memory && { memory }),
      })),
    };
  }

  private remembered({ tenantId, userId, provider, model }: Run, { version }: Form): Promise<RunMemory> {
    return this.memory.of({ tenantId, userId, provider, model, version });
  }

  /** The input's files as they are now, for a person who is asked about them. */
  async files(run: Run, { payload }: Preparation): Promise<ReviewedFile[]> {
    const form = payload && (await this.forms.formAtHand(run));
    const named = form ? namedFiles(form, payload.input) : [];
    return named.length > 0 ? this.lookAtFiles.hash(run.tenantId, named) : [];
  }

  /** JSON Schema of what a reviewer may edit; empty when there is no form. */
  async editSchema(run: Run, preparation: Preparation | null): Promise<JsonObject> {
    const form = await this.forms.formAtHand(run);
    if (!form) return { type: 'object', properties: {}, additionalProperties: false };
    return jsonSchemaOf(form, preparation?.payload?.input ?? {});
  }
}
