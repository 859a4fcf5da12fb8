import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { transformFileSync } from '@swc/core';

/*
 * The end of a process can only be seen from outside, so these tests start real ones, from the sources as they stand: the
 * library is translated into a folder of its own, file by file, as jest does it.
 */

const SOURCES = path.resolve(__dirname, '..');
const MODULES = path.resolve(__dirname, '../../../../node_modules');
let folder: string;

const SERVICE = `
const { runService, loadEnv, HttpEnv } = require('./kit/index.js');
runService('sample', async ({ shutdown, announceReady }) => {
  shutdown.on('drain', 'work', () => process.env.HANG ? new Promise(() => setTimeout(() => {}, 60000)) : process.send && process.connected && process.send({ drained: true }));
  if (process.env.BAD_ENV) loadEnv(HttpEnv, { PORT: 'eighty-eighty' });
  if (process.env.FAIL) throw new Error('no start');
  setInterval(() => undefined, 60000);
  process.on('message', (order) => { if (order === 'throw') throw new Error('unforeseen'); });
  announceReady({ port: 42 });
});`;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-kit-'));
  translate(SOURCES, path.join(folder, 'kit'));
  symlinkSync(MODULES, path.join(folder, 'node_modules'), 'junction');
  writeFileSync(path.join(folder, 'service.js'), SERVICE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function translate(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    if (entry.isDirectory()) translate(source, path.join(to, entry.name));
    else if (/(?<!spec)\.ts$/.test(entry.name)) {
      const { code } = transformFileSync(source, {
        module: { type: 'commonjs' },
        jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false } },
      });
      writeFileSync(path.join(to, entry.name.replace(/\.ts$/, '.js')), code);
    }
  }
}

interface Started {
  child: ChildProcess;
  messages: unknown[];
  ready: Promise<void>;
  ended: Promise<{ status: number | null; output: string }>;
}

function start(env: Record<string, string> = {}): Started {
  const child = fork(path.join(folder, 'service.js'), [], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
  const messages: unknown[] = [];
  let output = '';
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  child.stderr?.on('data', (chunk) => (output += String(chunk)));
  const ready = new Promise<void>((resolve) => child.once('message', () => resolve()));
  child.on('message', (message) => messages.push(message));
  // Not 'close': a child whose channel was closed from this side never emits it.
  const ended = Promise.all([once(child, 'exit'), ...[child.stdout, child.stderr].map((stream) => stream && once(stream, 'end'))])
    .then(([[status]]) => ({ status: status as number | null, output }));
  return { child, messages, ready, ended };
}

describe('runService', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('says when it is ready, and on %s finishes its work and ends well', async (signal) => {
    const { child, messages, ready, ended } = start();
    await ready;
    child.kill(signal);
    expect((await ended).status).toBe(0);
    expect(messages).toEqual([{ ready: true, port: 42 }, { drained: true }]);
  });

  it('ends in order when its parent is gone', async () => {
    const { child, ready, ended } = start();
    await ready;
    child.disconnect();
    const { status, output } = await ended;
    expect(status).toBe(0);
    expect(output).toContain('parent is gone');
  });

  it('ends in order, with status 1, after an unforeseen error', async () => {
    const { child, messages, ready, ended } = start();
    await ready;
    child.send('throw');
    const { status, output } = await ended;
    expect(status).toBe(1);
    expect(output).toContain('unforeseen');
    expect(messages).toContainEqual({ drained: true });
  });

  it('ends with status 1 when it cannot start', async () => {
    const { status, output } = await start({ FAIL: '1' }).ended;
    expect(status).toBe(1);
    expect(output).toContain('no start');
  });

  it('tells a bad environment in one message, without value and stack', async () => {
    const { status, output } = await start({ BAD_ENV: '1' }).ended;
    expect(status).toBe(1);
    expect(output.trim().split('\n')).toEqual(['sample cannot start. The environment is not usable:', '  PORT must be a whole number from 0 to 65535']);
  });

  it('ends at once on the second Ctrl-C', async () => {
    const { child, ready, ended } = start({ HANG: '1' });
    await ready;
    const said = new Promise((resolve) => child.stdout?.on('data', (chunk) => String(chunk).includes('stopping') && resolve(undefined)));
    child.kill('SIGINT');
    await said;
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
  });
});
