/*
 * node tools/with-servers.mjs PROGRAM ARGS…: runs one of our programs with DATABASE_URL and REDIS_URL set: to the given
 * servers, to those of the running `npm start`, or else to our own, brought up for as long as the program runs.
 */
import './check-node.mjs';
import { spawn } from 'node:child_process';
import { dataFolder, publishedServers, takeDataFolder } from './data-folder.mjs';
import { at, short } from './places.mjs';
import { PlainError } from './plain-error.mjs';
import { startServers } from './stack.mjs';

const [program, ...args] = process.argv.slice(2);
let stop = async () => undefined;
try {
  if (program === undefined) throw new PlainError('Say which program to run.');
  const { env, end } = await findServers();
  stop = end;
  process.exitCode = await run(env);
} catch (error) {
  process.stderr.write(`${error instanceof PlainError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
await stop();

async function findServers() {
  const nothing = async () => undefined;
  if (process.env.DATABASE_URL && process.env.REDIS_URL) return { env: {}, end: nothing };
  const data = await takeDataFolder();
  if (data === undefined) {
    const published = publishedServers();
    if (published === undefined) throw new PlainError(`Countersign is just starting with ${short(dataFolder())}: try again when it is ready.`);
    const { DATABASE_URL, REDIS_URL } = published;
    return { env: { DATABASE_URL, REDIS_URL }, end: nothing };
  }
  // Standard output belongs to the program: `npm run keys` prints a key there and nothing else.
  const servers = await startServers(data, { tell: (line) => process.stderr.write(`${line}\n`) });
  return {
    env: { ...servers.env, DATA_DIR: data.folder },
    end: async () => {
      await servers.stop();
      await data.release();
    },
  };
}

function run(env) {
  return new Promise((resolve) => {
    const child = spawn(program === 'node' ? process.execPath : program, args, { cwd: at(), env: { ...process.env, ...env }, stdio: 'inherit' });
    // Ctrl-C reaches the program by the terminal, too; this process waits for it and then tidies up.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
