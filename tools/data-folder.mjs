import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at, short } from './places.mjs';
import { PlainError } from './plain-error.mjs';
import { takeLock } from './servers/lock.mjs';

const SERVERS_FILE = 'servers.json';

/** DATA_DIR, or `.data` in the repository; always absolute. */
export const dataFolder = () => path.resolve(process.env.DATA_DIR || at('.data'));

/**
 * Makes the data folder and takes it for this process. Resolves to `{folder, wasKilled, logFile(name), publish(servers), release()}`,
 * or to undefined when another launcher has it. @throws PlainError when it cannot be written
 */
export async function takeDataFolder() {
  const folder = dataFolder();
  try {
    // Only the owner looks inside; other users (postgres, when we are root) may pass through to what is theirs.
    mkdirSync(folder, { recursive: true, mode: 0o711 });
    mkdirSync(path.join(folder, 'logs'), { recursive: true });
    accessSync(folder, constants.W_OK);
    const probe = path.join(folder, '.writable');
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new PlainError(`The data folder ${short(folder)} cannot be written (${error.code}): set DATA_DIR to one that can.`);
  }
  const release = await takeLock(folder, 'launcher');
  if (release === undefined) return undefined;
  const servers = path.join(folder, SERVERS_FILE);
  const wasKilled = existsSync(servers);
  rmSync(servers, { force: true });
  return {
    folder,
    /** The last launcher here had no time to tidy up, and its services may still be finishing. */
    wasKilled,
    logFile: (name) => path.join(folder, 'logs', `${name}.log`),
    /** Leaves a note on where the servers are, for `npm run keys` and the like; it holds passwords, hence the mode. */
    publish: (addresses) => writeFileSync(servers, JSON.stringify(addresses), { mode: 0o600 }),
    release: async () => {
      rmSync(servers, { force: true });
      await release();
    },
  };
}

/** What the launcher that has the data folder published, if it is ready. */
export function publishedServers() {
  const file = path.join(dataFolder(), SERVERS_FILE);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
