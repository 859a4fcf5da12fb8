/** Every Redis key of ours that BullMQ and Socket.IO do not own. The hash tag keeps a run's keys in one slot. */
export const keys = {
  run: (prefix: string, runId: string): string => `${prefix}run:{${runId}}`,
  topic: (prefix: string, topic: string): string => `${prefix}signal:${topic}`,
};
