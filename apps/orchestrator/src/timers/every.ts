/** Calls `work` again `pauseMs` after it ended, until stopped; a failure is told and the next round comes anyway. */
export function every(pauseMs: number, work: () => Promise<unknown>, onFailure: (error: unknown) => void): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  const round = (): void => {
    running = work().then(() => undefined, onFailure).then(() => {
      if (!stopped) timer = setTimeout(round, pauseMs);
    });
  };
  round();
  return {
    stop: async () => {
      stopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}
