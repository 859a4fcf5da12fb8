import { takeDataFolder, dataFolder } from './data-folder.mjs';
import { short } from './places.mjs';
import { PlainError } from './plain-error.mjs';
import { build, install, installHint } from './prepare.mjs';
import { say, stage } from './progress.mjs';
import { probePort } from './servers/free-port.mjs';
import { Services, presentServices } from './services.mjs';
import { migrate, startServers } from './stack.mjs';
import { watchParent } from './watch-parent.mjs';

/** Status of a process ended by Ctrl-C, as shells count (128 + SIGINT). */
const INTERRUPTED = 130;
/** The services of a launcher that was just killed are still finishing their work. */
const PORT_WAIT_MS = 8_500;
const PORT_RETRY_MS = 250;
const DAY_MS = 86_400_000;

/**
 * Everything from a clone to four running services. Returns never: the process ends with status 0 after Ctrl-C or SIGTERM,
 * 1 when something cannot be started or kept up. `afterReady({services, url})` may add to it (`npm run dev`); what it returns is
 * called at the end.
 */
export async function launch({ env = {}, afterReady = () => () => undefined } = {}) {
  const house = { data: undefined, servers: undefined, services: undefined, leave: () => undefined };
  let ending;
  const end = (status, sentence) => {
    if (sentence !== undefined && ending === undefined) process.stderr.write(`${sentence}\n`);
    ending ??= close(house).finally(() => process.exit(status));
    return ending;
  };
  const interrupt = (signal) => {
    if (ending !== undefined && signal === 'SIGINT') {
      house.services?.kill();
      house.servers?.kill();
      process.exit(INTERRUPTED);
    }
    if (ending === undefined) say('\nStopping…');
    void end(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
  watchParent(() => interrupt('SIGTERM'));
  process.on('uncaughtException', (error) => void end(1, error instanceof PlainError ? error.message : error.stack));
  // The servers' guards do not hold this process; it ends when it is told to.
  setInterval(() => undefined, DAY_MS);
  try {
    await open(house, { env, onLost: (sentence) => void end(1, sentence), isEnding: () => ending !== undefined });
    house.leave = (await afterReady(house)) ?? house.leave;
  } catch (error) {
    if (error !== ABANDONED) await end(1, error instanceof PlainError ? error.message : error.stack);
  }
}

/** The stages stop when somebody pressed Ctrl-C between two of them. */
const ABANDONED = new Error('abandoned');

async function open(house, { env, onLost, isEnding }) {
  const startedAt = performance.now();
  const step = async (work) => {
    const result = await work();
    if (isEnding()) throw ABANDONED;
    return result;
  };
  const host = process.env.HOST || '127.0.0.1';
  const port = readPort();
  house.data = await takeDataFolder();
  if (house.data === undefined) {
    throw new PlainError(`Another Countersign is running with the data folder ${short(dataFolder())}: stop it, or set DATA_DIR to another folder.`);
  }
  await checkPort(port, host, house.data.wasKilled ? PORT_WAIT_MS : 0);
  await step(() => stage('packages', installHint(), install));
  await step(() => stage('build', { hint: 'compiling' }, build));
  await step(async () => {
    house.servers = await startServers(house.data, { onLost });
  });
  await step(() => stage('schema', {}, () => migrate(house.servers.env)));
  const settings = { ...house.servers.env, DATA_DIR: house.data.folder, HOST: host, PORT: String(port), ...env };
  const names = presentServices();
  house.services = new Services({ env: settings, logFile: house.data.logFile, tell: say, onLost });
  const ready = await step(() => stage('services', { hint: 'starting' }, async () => {
    const said = await house.services.start(names);
    return { said, note: names.join(', ') };
  }));
  house.url = ready.said.gateway?.url ?? addressOf(host, ready.said.gateway?.port ?? port);
  house.data.publish({ ...house.servers.env, url: house.url });
  const took = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`Ready after ${took} s: ${house.url}  (logs in ${short(house.data.folder)}/logs, Ctrl-C stops everything)`);
}

async function close({ services, servers, data, leave }) {
  await leave();
  await services?.stop();
  await servers?.stop();
  await data?.release();
}

function readPort() {
  const text = process.env.PORT || '3000';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new PlainError('PORT must be a whole number from 0 to 65535.');
  return port;
}

async function checkPort(port, host, waitMs) {
  if (port === 0) return;
  const deadline = Date.now() + waitMs;
  for (;;) {
    const state = await probePort(port, host);
    if (state === 'free') return;
    if (state === 'forbidden') throw new PlainError(`Nothing may listen on port ${port} of ${host} here: set PORT and HOST to others.`);
    if (Date.now() >= deadline) throw new PlainError(`Port ${port} is taken by another program: stop it, or set PORT to another one.`);
    await new Promise((resolve) => setTimeout(resolve, PORT_RETRY_MS));
  }
}

function addressOf(host, port) {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
