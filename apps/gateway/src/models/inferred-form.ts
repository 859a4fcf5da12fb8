import { canonicalJson, isJsonObject, type Form, type NewRun } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';
import { inferForm, toolEntryOf } from '@countersign/validator';

/** The caller's example describes the form when the model's schema cannot be had; its values never count as answers. */
export function inferredForm(run: Pick<NewRun, 'provider' | 'model' | 'modelVersion' | 'originalInput'>): Form | null {
  const example = toolEntryOf(run.originalInput)?.example_input;
  if (!isJsonObject(example)) return null;
  return inferForm(example, {
    provider: run.provider, model: run.model, version: run.modelVersion ?? 'unknown', digest: sha256Hex(canonicalJson(example)),
  });
}
