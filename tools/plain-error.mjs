/** A failure whose message alone tells the reader what to do: printed as one sentence, without a stack. */
export class PlainError extends Error {}
