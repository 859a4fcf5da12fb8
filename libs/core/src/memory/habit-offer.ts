import type { Json } from '../json';

/** A habit as a card shows it; the wire shape of `context.habits`. */
export interface HabitOffer {
  memory_id: string;
  field: string;
  /** What the payload says, or leaves to the model. */
  before: Json;
  /** What taking it makes of the field; null = nothing, so that the model's default counts. */
  after: Json;
  alike: number;
  of: number;
  /** "last 4 of 5: aspect_ratio 1:1 → 16:9" */
  evidence: string;
  state: 'proposed' | 'always';
  /** Why a rule that is switched on was not applied here; null for a proposal. */
  not_applied: string | null;
}
