import { canonicalJson, isJsonObject, type Form, type NewRun, type Sha256 } from '@countersign/core';
import { inferForm } from '../form/infer-form';
import { toolEntryOf } from './request-of';

/**
 * The form as the caller's own example suggests it, for a model whose schema cannot be had; null without an example. The
 * example's values never count as answers.
 */
export function formFromExample(run: Pick<NewRun, 'provider' | 'model' | 'modelVersion' | 'originalInput'>, sha256: Sha256): Form | null {
  const example = toolEntryOf(run.originalInput)?.example_input;
  if (!isJsonObject(example)) return null;
  return inferForm(example, {
    provider: run.provider, model: run.model, version: run.modelVersion ?? 'unknown', digest: sha256(canonicalJson(example)),
  });
}
