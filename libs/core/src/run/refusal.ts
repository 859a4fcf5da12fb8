/** A move that is not allowed is a value, not an exception (invariant 10). */
export interface Refusal409 {
  code: 'ILLEGAL_STATE';
  detail: string;
}
