/*
 * What this is: the keeper of the four services, each a process of its own.
 * The invariant it keeps: a service that dies is started again, with growing pauses; none outlives this process, because each
 * has an IPC channel to it and ends when that closes (libs/service-kit, run-service.ts).
 * To add a service: one name in SERVICES.
 */
import { fork } from 'node:child_process';
import { existsSync, openSync, closeSync, writeFileSync } from 'node:fs';
import { at } from './places.mjs';
import { PlainError } from './plain-error.mjs';
import { LogTail } from './log-tail.mjs';

export const SERVICES = ['orchestrator', 'executor', 'notifier', 'gateway'];

/** Loading a service's modules takes 2 s; a busy laptop may need ten times that. */
const READY_TIMEOUT_MS = 60_000;
/** Longer than a service's own grace period (8 s), so that it can say itself what hung. */
export const GRACE_MS = 10_000;
/** Pauses before a service is started again; the last one is repeated. */
const BACK_OFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** A service that ran this long was healthy: the next end counts as the first. */
const HEALTHY_AFTER_MS = 60_000;
/** Starts in a row that may fail before the launcher gives up: some two minutes. */
const MAX_RESTARTS = 12;

export const mainOf = (name) => at('apps', name, 'dist', 'main.js');

/** The services that exist in this tree. @throws PlainError when one has a source but was not built */
export function presentServices() {
  return SERVICES.filter((name) => {
    if (existsSync(mainOf(name))) return true;
    if (existsSync(at('apps', name, 'src', 'main.ts'))) throw new PlainError(`apps/${name} is not built: run npm run build.`);
    return false;
  });
}

export class Services {
  #running = new Map();
  #waiting = new Map();
  #stopping = false;

  /** `env`: for every service · `logFile(name)` · `tell(line)`: what people should read · `onLost(sentence)`: one cannot be kept up. */
  constructor({ env, logFile, tell, onLost }) {
    this.options = { env, logFile, tell, onLost };
    this.tail = new LogTail(tell);
  }

  /** Starts the named services; resolves to what each said when it was ready. Rejects when one ends before that. */
  async start(names) {
    this.tail.begin();
    const ready = await Promise.all(names.map(async (name) => [name, await this.#launch(name)]));
    return Object.fromEntries(ready);
  }

  /** Ends one service in order and starts it again, for new code. */
  async restart(name) {
    if (this.#stopping) return;
    const service = this.#running.get(name);
    clearTimeout(this.#waiting.get(name));
    if (service !== undefined) {
      service.replaced = true;
      await end(service);
    }
    await this.#launch(name).catch((error) => this.options.tell(`  ${error.message}`));
  }

  /** Ends all of them in order; after the grace period without order. */
  async stop() {
    this.#stopping = true;
    await Promise.all([...this.#running.values()].map((service) => end(service)));
    this.tail.end();
  }

  kill() {
    this.#stopping = true;
    for (const { child } of this.#running.values()) child.kill('SIGKILL');
  }

  #launch(name, restarts = 0) {
    const { env, logFile } = this.options;
    const file = logFile(name);
    if (restarts === 0) writeFileSync(file, '');
    const log = openSync(file, 'a');
    const child = fork(mainOf(name), [], {
      cwd: at(), env: { ...process.env, ...env }, detached: true, stdio: ['ignore', log, log, 'ipc'],
      execArgv: ['--enable-source-maps'],
    });
    closeSync(log);
    this.tail.follow(name, file);
    const service = { name, child, startedAt: Date.now(), restarts, ready: false, replaced: false };
    service.gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`)));
    this.#running.set(name, service);
    void service.gone.then((how) => this.#ended(service, how));
    return this.#untilReady(service);
  }

  #untilReady(service) {
    const { name, child } = service;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new PlainError(`${name} did not become ready within ${READY_TIMEOUT_MS / 1000} s.`));
        child.kill('SIGKILL');
      }, READY_TIMEOUT_MS);
      child.on('message', (message) => {
        if (message?.ready !== true) return;
        service.ready = true;
        clearTimeout(timer);
        resolve(message);
      });
      void service.gone.then((how) => {
        clearTimeout(timer);
        this.tail.look();
        reject(new PlainError(`${name} ended before it was ready (${how}); its log is ${this.options.logFile(name)}.`));
      });
    });
  }

  #ended(service, how) {
    const { name, ready, startedAt, restarts, replaced } = service;
    if (this.#running.get(name) === service) this.#running.delete(name);
    const first = restarts === 0 && !ready;
    if (this.#stopping || replaced || first) return;
    const again = Date.now() - startedAt > HEALTHY_AFTER_MS ? 1 : restarts + 1;
    if (again > MAX_RESTARTS) return this.options.onLost(`${name} ended ${MAX_RESTARTS} times in a row (${how}).`);
    const pause = BACK_OFF_MS[Math.min(again - 1, BACK_OFF_MS.length - 1)];
    this.options.tell(`  ${name} ended (${how}); starting it again in ${pause / 1000} s`);
    const timer = setTimeout(() => {
      if (this.#stopping) return;
      this.#launch(name, again).then(
        () => this.options.tell(`  ${name} is back`),
        () => undefined,
      );
    }, pause);
    this.#waiting.set(name, timer);
  }
}

async function end({ child, gone }) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // Windows has no SIGTERM that a program can see; the end of the channel says the same.
  if (process.platform === 'win32') child.disconnect();
  else child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(timer);
}
