import { freePort, waitFor } from '@countersign/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const PATIENCE_MS = 60_000;

/** The launcher as a user runs it, on servers of its own, in a data folder of its own. */
describe('npm start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-start-'));
  // Postgres may run as another user than the tests.
  chmodSync(folder, 0o755);
  const started: ChildProcess[] = [];
  afterAll(async () => {
    for (const child of started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (env: Record<string, string>) => {
    const { DATABASE_URL: _given, REDIS_URL: _too, ...clean } = process.env;
    const child = spawn(process.execPath, ['tools/start.mjs'], { cwd: ROOT, env: { ...clean, DATA_DIR: folder, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    const said = { text: '' };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said.text += chunk.toString()));
    return { child, said, exit: once(child, 'exit') as Promise<[number | null]> };
  };
  /** Processes that have our data folder in their environment: whatever the launcher started, however deep. Reads /proc, so Linux only. */
  const family = (): number[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`DATA_DIR=${folder}\0`);
    } catch {
      return false;
    }
  });
  const servicePid = (name: string): number | undefined => family().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`apps/${name}/dist/main.js`));

  it('comes up, says where, brings a killed service back, and leaves nothing behind', async () => {
    const port = String(await freePort());
    const { child, said, exit } = start({ PORT: port });
    await waitFor(() => said.text.includes('Ready after'), { what: 'the ready line', timeoutMs: PATIENCE_MS });
    expect(said.text).toContain(`http://127.0.0.1:${port}`);
    expect((await fetch(`http://127.0.0.1:${port}/health/ready`)).status).toBe(200);

    const second = start({ PORT: String(await freePort()) });
    expect((await second.exit)[0]).toBe(1);
    expect(second.said.text).toContain('Another Countersign is running');
    const taken = start({ PORT: port, DATA_DIR: mkdtempSync(join(folder, 'other-')) });
    expect((await taken.exit)[0]).toBe(1);
    expect(taken.said.text).toContain(`Port ${port} is taken`);

    const killed = servicePid('notifier');
    expect(killed).toBeDefined();
    process.kill(killed ?? 0, 'SIGKILL');
    await waitFor(() => {
      const now = servicePid('notifier');
      return now !== undefined && now !== killed;
    }, { what: 'the notifier to be back', timeoutMs: PATIENCE_MS });
    expect(said.text).toMatch(/notifier/);

    child.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
    await waitFor(() => family().length === 0, { what: 'nothing to be left running', timeoutMs: PATIENCE_MS });
  }, 240_000);

  it('leaves nothing behind when it is killed itself, and keeps its data', async () => {
    const { child, said } = start({ PORT: String(await freePort()) });
    await waitFor(() => said.text.includes('Ready after'), { what: 'the ready line', timeoutMs: PATIENCE_MS });
    expect(said.text).toContain('the schema is up to date');
    child.kill('SIGKILL');
    await waitFor(() => family().length === 0, { what: 'nothing to be left running', timeoutMs: PATIENCE_MS });
  }, 240_000);
});
