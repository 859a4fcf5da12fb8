/*
 * What this is: what a reviewer's edits make of a payload, before the answer is recorded.
 * Invariants: what was approved is what runs (6): the edited payload is built and hashed here, with the same code as the
 * first one, from exactly what was shown. An edit that leaves a blocking problem is refused and the approval stays pending.
 */
import type { Approval, Form, HitlConfig, JsonObject, Payload, Preparation, ReviewedFile, Run, ValidationRequest } from '@countersign/core';
import { FormStore, isJsonObject, RESPONSE_FIELD, reviewedFiles, RunStore } from '@countersign/core';
import { LookAtFiles, type NamedFile } from '@countersign/files';
import { Estimates } from '@countersign/providers';
import { sha256Hex } from '@countersign/service-kit';
import { editedRequest, namedFiles, prepare, requestOf } from '@countersign/validator';
import { Injectable } from '@nestjs/common';
import { invalid, ProblemError } from '../http/answers/problem';
import { ModelForms } from '../models/model-forms';
import { ANSWERS, type EditedThing } from './checkpoint-answers';
import { checkFields } from './check-fields';
import type { GivenAnswer } from './read-answer';

@Injectable()
export class ApplyEdits {
  constructor(
    private readonly runs: RunStore,
    private readonly forms: FormStore,
    private readonly asking: ModelForms,
    private readonly files: LookAtFiles,
    private readonly estimates: Estimates,
  ) {}

  /**
   * The payload as edited, null when the answer edits no payload.
   * @throws ProblemError VALIDATION_FAILED with every problem that the edits have or leave
   */
  async apply(approval: Approval, answer: GivenAnswer): Promise<Preparation | null> {
    if (Object.keys(answer.edits).length === 0) return null;
    const edited = ANSWERS[approval.checkpoint].edited(answer.action);
    refuseUnknown(approval, answer, edited);
    if (edited === 'fields') return checkFields(approval.schema, answer.edits);
    if (edited === 'response') return checkText(answer.edits);
    const run = await this.runs.find(approval.runId);
    if (!run) throw new ProblemError('APPROVAL_NOT_FOUND', 'the run of this approval is gone');
    const preparation = edited === 'payload' && approval.payload
      ? await this.editShown(run, approval, approval.payload, answer.edits)
      : await this.editRequest(run, answer.edits);
    refuseBlocking(preparation);
    return edited === 'payload' ? preparation : null;
  }

  /** The form of what the approval shows, and how its run is guarded. */
  async formShown(approval: Approval): Promise<{ form: Form; config: HitlConfig }> {
    const run = await this.runs.find(approval.runId);
    if (!run) throw new ProblemError('APPROVAL_NOT_FOUND', 'the run of this approval is gone');
    return { form: await this.formOf(run, approval.payload?.version ?? null), config: run.config };
  }

  private async editShown(run: Run, { context }: Approval, shown: Payload, edits: JsonObject): Promise<Preparation> {
    const form = await this.formOf(run, shown.version);
    const preparation = await this.prepared(run, form, editedRequest(requestOf(run.originalInput, run.edits), shown, edits));
    const named = preparation.payload ? namedFiles(form, preparation.payload.input) : [];
    const files = named.length > 0 ? await this.filesOf(run, named, reviewedFiles(context)) : [];
    return files.length > 0 ? { ...preparation, files } : preparation;
  }

  /** Files that the card showed are meant as they were shown; only those that the edit names anew are read now. */
  private async filesOf(run: Run, named: NamedFile[], shown: readonly ReviewedFile[]): Promise<ReviewedFile[]> {
    const known = (url: string): ReviewedFile | undefined => shown.find((file) => file.url === url);
    const read = await this.files.hash(run.tenantId, named.filter(({ url }) => !known(url)));
    return named.flatMap(({ field, url }) => {
      const file = known(url) ?? read.find((one) => one.url === url);
      return file ? [{ ...file, field }] : [];
    });
  }

  private async editRequest(run: Run, edits: JsonObject): Promise<Preparation> {
    const form = await this.formOf(run, null);
    return this.prepared(run, form, requestOf(run.originalInput, { ...run.edits, ...edits }));
  }

  private async prepared(run: Run, form: Form, request: ValidationRequest): Promise<Preparation> {
    return this.estimates.with(prepare({
      form, request: await this.files.look(run.tenantId, form, request), provider: run.provider, model: run.model,
      sha256: sha256Hex, estimate: () => null,
    }));
  }

  /** The form of the version that was shown: the newest may have become another one meanwhile. */
  private async formOf(run: Run, shownVersion: string | null): Promise<Form> {
    const { provider, model, modelVersion } = run;
    const fits = (form: Form | null | undefined): form is Form => form !== undefined && form !== null && (shownVersion === null || form.version === shownVersion);
    const known = (await this.forms.find(provider, model, modelVersion))?.form;
    if (fits(known)) return known;
    const inferred = this.asking.guess(run);
    if (!known && fits(inferred)) return inferred;
    const asked = (await this.asking.find({ provider, model, version: shownVersion ?? modelVersion }))?.form;
    if (fits(asked)) return asked;
    throw new ProblemError('MODEL_UNAVAILABLE', 'the model\'s form cannot be had now, so the edit cannot be checked; please try again');
  }
}


function refuseUnknown(approval: Approval, { edits, action }: GivenAnswer, edited: EditedThing): void {
  const properties = isJsonObject(approval.schema.properties) ? Object.keys(approval.schema.properties) : [];
  const isOfResult = approval.checkpoint === 'response_review';
  const editable = properties.filter((name) => !isOfResult || (name === RESPONSE_FIELD) === (edited === 'response'));
  const unknown = Object.keys(edits).filter((name) => !editable.includes(name));
  if (unknown.length === 0) return;
  throw new ProblemError('VALIDATION_FAILED', `not among the fields that "${action}" may change: ${unknown.join(', ')}`, {
    errors: unknown.map((name) => ({ field: `edits.${name}`, code: 'unknown_field', message: `edits.${name} cannot be changed here; editable: ${editable.join(', ') || 'nothing'}` })),
  });
}

function checkText(edits: JsonObject): null {
  if (typeof edits[RESPONSE_FIELD] !== 'string') throw invalid(`edits.${RESPONSE_FIELD}`, 'is_string', 'the reworded response must be text');
  return null;
}

function refuseBlocking(preparation: Preparation): void {
  const blocking = preparation.summary.checkpoints.flatMap(({ issues }) => issues).filter(({ severity }) => severity === 'error');
  if (blocking.length === 0 && preparation.summary.blocking_issues === 0 && preparation.payload) return;
  throw new ProblemError('VALIDATION_FAILED', preparation.summary.user_friendly_message, {
    errors: blocking.map(({ field, code, message }) => ({ field: `edits.${field}`, code, message })),
  });
}
