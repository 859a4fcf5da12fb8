import type { Instant } from '../json';
import type { Form } from '../validation/form';

/** What is known about a model's form. */
export interface KnownForm {
  provider: string;
  model: string;
  /** As asked for; null = newest. */
  requestedVersion: string | null;
  /** Null when there is none to be had; then `problem` says why. */
  form: Form | null;
  problem: { reason: string; detail: string } | null;
  fetchedAt: Instant;
}

export abstract class FormStore {
  abstract find(provider: string, model: string, requestedVersion: string | null): Promise<KnownForm | null>;
  abstract save(known: KnownForm): Promise<void>;
}
