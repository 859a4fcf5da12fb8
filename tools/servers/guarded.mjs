import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';

const GUARD = fileURLToPath(new URL('./guard.mjs', import.meta.url));
/** A server that a killed launcher left behind is still writing its last page. */
const LOCK_WAIT_MS = 15_000;
/** After that a server is killed; both servers come back from it, they only start slower. */
const KILL_AFTER_MS = 10_000;
const GUARD_LOST = 'its guard was killed';

/**
 * Starts a server under a guard. `order`: `{command, args, cwd, env, uid, gid, logFile, lockFolder, stopSignal, removeFolder}`.
 * Resolves to `{pid, alive(), onExit(listener), stop()}` once the server's process exists; rejects when it cannot be started.
 */
export async function startGuarded(order) {
  const guard = spawnGuard(process.execPath, ['--max-old-space-size=32', GUARD]);
  const full = { lockWaitMs: LOCK_WAIT_MS, killAfterMs: KILL_AFTER_MS, ...order };
  guard.process.stdin.write(`${JSON.stringify(full)}\n`);
  const started = await guard.next('started');
  guard.handle.onExit((reason) => {
    if (reason === GUARD_LOST) endProcess(started.pid, full.stopSignal);
  });
  return { pid: started.pid, ...guard.handle };
}

/** The same for a program that watches its standard input by itself and says `{event: 'started'}` when it serves. */
export async function startSelfGuarded(args, order) {
  const guard = spawnGuard(process.execPath, args);
  guard.process.stdin.write(`${JSON.stringify(order)}\n`);
  await guard.next('started');
  return { pid: guard.process.pid, ...guard.handle };
}

function spawnGuard(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true, windowsHide: true });
  child.stdin.on('error', () => undefined);
  const events = new EventEmitter();
  let end;
  let started;
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    // The WebAssembly server's own log lines come the same way.
    if (!line.startsWith('{"event"')) return;
    const event = JSON.parse(line);
    if (event.event === 'exit') end = event;
    if (event.event === 'started') started = event;
    events.emit(event.event, event);
  });
  const gone = new Promise((resolve) => child.once('close', resolve)).then(() => {
    end ??= { event: 'exit', reason: GUARD_LOST };
    events.emit('gone', end);
  });
  // Neither the process nor its pipes keep the starter alive: the starter decides when it ends.
  for (const part of [child, child.stdin, child.stdout]) part.unref();
  return {
    process: child,
    async next(name) {
      const settle = new AbortController();
      // Being waited for is a reason to stay alive.
      child.ref();
      try {
        const [event] = await Promise.race(['gone', name].map((one) => once(events, one, { signal: settle.signal })));
        if (event.event !== name) throw new Error(describeEnd(event));
        return event;
      } finally {
        settle.abort();
        child.unref();
      }
    },
    handle: {
      alive: () => end === undefined,
      onExit: (listener) => (end === undefined ? events.once('gone', (event) => listener(describeEnd(event))) : listener(describeEnd(end))),
      /** At once, without a word to its clients. The guard stays to collect it: a dead server nobody collected looks alive. */
      kill() {
        if (end === undefined) endProcess(started?.pid ?? child.pid, 'SIGKILL');
      },
      async stop() {
        child.ref();
        child.stdin.end();
        await gone;
      },
    },
  };
}

function describeEnd({ reason, code, signal }) {
  if (reason === 'locked') return 'another server still uses its data folder';
  return reason ?? (signal === null ? `ended with status ${code}` : `ended by ${signal}`);
}

/** The last complaint in a server's log, for a message; '' when there is none. */
export function lastComplaint(logFile) {
  try {
    return readFileSync(logFile, 'utf8').trim().split('\n').filter((line) => /error|fatal|warning|cannot|could not/i.test(line)).at(-1) ?? '';
  } catch {
    return '';
  }
}

function endProcess(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already, which is all that is wanted.
  }
}
