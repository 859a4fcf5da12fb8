export type FormErrorCode = 'no_input_schema' | 'bad_ref' | 'circular_ref' | 'too_deep' | 'too_large' | 'hostile_name';

/** A schema no form can be made from. The caller serves the run with an inferred form instead. */
export class FormError extends Error {
  constructor(readonly code: FormErrorCode, detail: string) {
    super(`the model's schema cannot be used (${code}): ${detail}`);
    this.name = 'FormError';
  }
}
