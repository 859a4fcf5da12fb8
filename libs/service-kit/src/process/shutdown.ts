/*
 * What this is: the one way a process of this house ends.
 * The invariant it keeps: work in hand is finished or left for the next process to pick up; nothing outlives its launcher,
 * because the end of the IPC channel to the parent counts as a stop signal.
 * To extend: register a hook in the stage it belongs to; stages run one after the other, hooks of a stage together.
 */

/** intake: take no new work · drain: finish the work in hand · close: let go of connections, files and threads. */
const SHUTDOWN_STAGES = ['intake', 'drain', 'close'] as const;
export type ShutdownStage = (typeof SHUTDOWN_STAGES)[number];
export type ShutdownHook = () => Promise<unknown> | unknown;

/** The launcher and Kubernetes both kill later than this, so that the process itself can still say what hung. */
export const GRACE_MS = 8_000;

export interface ShutdownReport {
  /** Hooks that failed or did not end in time, as `stage name: reason`. */
  problems: string[];
}

interface Registered {
  stage: ShutdownStage;
  name: string;
  hook: ShutdownHook;
}

export class Shutdown {
  readonly #hooks: Registered[] = [];
  #running: Promise<ShutdownReport> | undefined;

  constructor(readonly graceMs = GRACE_MS) {}

  get isStopping(): boolean {
    return this.#running !== undefined;
  }

  on(stage: ShutdownStage, name: string, hook: ShutdownHook): void {
    this.#hooks.push({ stage, name, hook });
  }

  /** Runs the hooks once; a second call gets the same answer. Never rejects and never takes longer than the grace period. */
  run(): Promise<ShutdownReport> {
    this.#running ??= this.#runStages();
    return this.#running;
  }

  async #runStages(): Promise<ShutdownReport> {
    const deadline = Date.now() + this.graceMs;
    const problems: string[] = [];
    for (const stage of SHUTDOWN_STAGES) {
      const hooks = this.#hooks.filter((registered) => registered.stage === stage);
      const results = await Promise.all(hooks.map((registered) => runHook(registered, deadline)));
      problems.push(...results.filter((problem) => problem !== undefined));
    }
    return { problems };
  }
}

async function runHook({ stage, name, hook }: Registered, deadline: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('did not end in time')), Math.max(0, deadline - Date.now()));
  });
  try {
    await Promise.race([Promise.resolve().then(hook), late]);
    return undefined;
  } catch (error) {
    return `${stage} ${name}: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}
