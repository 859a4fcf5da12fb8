/** Every Redis key of ours that BullMQ and Socket.IO do not own. The hash tag keeps a run's keys in one slot. */
export const keys = {
  run: (prefix: string, runId: string): string => `${prefix}run:{${runId}}`,
  /** Which version was meant, and which schema it has. */
  formPointer: (prefix: string, asked: string): string => `${prefix}form-of:${asked}`,
  form: (prefix: string, version: string, digest: string): string => `${prefix}form:${version}:${digest}`,
  topic: (prefix: string, topic: string): string => `${prefix}signal:${topic}`,
};
