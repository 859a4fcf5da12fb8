/** Every Redis key of ours that BullMQ and Socket.IO do not own. The hash tag keeps a run's keys in one slot. */
export const keys = {
  run: (prefix: string, runId: string): string => `${prefix}run:{${runId}}`,
  /** Which version was meant, and which schema it has. */
  formPointer: (prefix: string, asked: string): string => `${prefix}form-of:${asked}`,
  form: (prefix: string, version: string, digest: string): string => `${prefix}form:${version}:${digest}`,
  /** How fast a provider's account is asked; the tag keeps both in one slot. */
  pace: (prefix: string, account: string): string => `${prefix}pace:{${account}}`,
  places: (prefix: string, account: string): string => `${prefix}places:{${account}}`,
  topic: (prefix: string, topic: string): string => `${prefix}signal:${topic}`,
};
