/*
 * node tools/tethered.mjs PROGRAM ARGS…: runs a program for as long as standard input stays open, then ends it with all it
 * started. For watchers, which would otherwise go on for ever when their launcher is killed.
 */
import { spawn } from 'node:child_process';

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: process.platform !== 'win32' });
const end = () => {
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGTERM');
  } catch {
    // It is gone already.
  }
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
process.stdin.on('close', end).resume();
child.once('exit', (code) => process.exit(code ?? 1));
