import type { Instant } from '../json';
import type { Form } from '../validation/form';

/**
 * The newest version of a model is asked for again after this, ms: models change a few times a day at most. Until the answer
 * is there, and when the provider is down, the form that is known serves.
 */
export const FORM_RECHECK_MS = 10 * 60_000;

export interface FormProblem {
  reason: string;
  detail: string;
  /** When the question was put that this answers, by the asker's clock: a later question wants a new answer. */
  askedAt: Instant;
}

/** What is known about a model's form. */
export interface KnownForm {
  provider: string;
  model: string;
  /** As asked for; null = newest. */
  requestedVersion: string | null;
  /** Null when there is none to be had; then `problem` says why. */
  form: Form | null;
  problem: FormProblem | null;
  fetchedAt: Instant;
}

export abstract class FormStore {
  abstract find(provider: string, model: string, requestedVersion: string | null): Promise<KnownForm | null>;
  abstract save(known: KnownForm): Promise<void>;
}
