import { spawn } from 'node:child_process';

/** How much of a command's output is kept for the message when it fails. */
const KEPT_CHARS = 20_000;

const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGTERM')));

/**
 * Runs a program to its end. Resolves to `{status, output}`; status is -1 when it could not be started and 128 + n after
 * signal n. `output` holds the last part of both streams; with `echo` it is also printed as it comes. After
 * `timeoutMs` (0: never) the program is killed.
 */
export function runCommand(command, args, { cwd, env, echo = false, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true, timeout: timeoutMs, killSignal: 'SIGKILL' });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-KEPT_CHARS);
        if (echo) process.stdout.write(text);
      });
    }
    child.once('error', (error) => {
      running.delete(child);
      resolve({ status: -1, output: error.message });
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve({ status: code ?? SIGNAL_BASE + (SIGNAL_NUMBERS[signal] ?? 0), output });
    });
  });
}

const SIGNAL_BASE = 128;
const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/** The last lines of a command's output, indented. */
export function tail(output, lines = 25) {
  return output.split('\n').filter((line) => line.trim() !== '').slice(-lines).map((line) => `    ${line}`).join('\n');
}
