/** How one thing this process depends on stands. `reason` is for operators and holds no secret. */
export interface CheckResult {
  status: 'up' | 'down';
  ms: number;
  reason?: string;
}

export interface HealthReport {
  status: 'up' | 'down';
  checks: Record<string, CheckResult>;
}

/** Resolves when the thing is fine, rejects when it is not. */
export type HealthCheck = () => Promise<unknown> | unknown;

/** Probes usually give up after a second or more; an answer "down" in time is better than none. */
const CHECK_TIMEOUT_MS = 900;

interface Registered {
  name: string;
  check: HealthCheck;
  timeoutMs: number;
}

/** Live: restart me if I do not answer. Ready: send me work if so; not ready from the first moment of a shutdown. */
export class Health {
  readonly #ready: Registered[] = [];
  #stopping = false;

  addReady(name: string, check: HealthCheck, timeoutMs = CHECK_TIMEOUT_MS): void {
    this.#ready.push({ name, check, timeoutMs });
  }

  markStopping(): void {
    this.#stopping = true;
  }

  live(): HealthReport {
    return { status: 'up', checks: {} };
  }

  async ready(): Promise<HealthReport> {
    if (this.#stopping) return { status: 'down', checks: { process: { status: 'down', ms: 0, reason: 'stopping' } } };
    return report(this.#ready);
  }
}

async function report(registered: readonly Registered[]): Promise<HealthReport> {
  const results = await Promise.all(registered.map(async (one) => [one.name, await run(one)] as const));
  const status = results.every(([, result]) => result.status === 'up') ? 'up' : 'down';
  return { status, checks: Object.fromEntries(results) };
}

async function run({ check, timeoutMs }: Registered): Promise<CheckResult> {
  const startedAt = performance.now();
  const since = (): number => Math.round(performance.now() - startedAt);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([Promise.resolve().then(check), late]);
    return { status: 'up', ms: since() };
  } catch (error) {
    return { status: 'down', ms: since(), reason: error instanceof Error ? error.message : 'failed' };
  } finally {
    clearTimeout(timer);
  }
}
