import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

/**
 * A random key that all processes of an installation share and that outlives them, `<dataDir>/<name>.key`.
 * Made by whoever comes first: it gets its name complete or not at all, and only one maker can give the name.
 */
export async function installationKey(dataDir: string, name: string): Promise<Buffer> {
  const path = join(dataDir, `${name}.key`);
  const known = await read(path);
  if (known !== null) return known;
  await mkdir(dataDir, { recursive: true });
  await make(path);
  const made = await read(path);
  if (made === null) throw new Error(`${path} cannot be read`);
  return made;
}

async function make(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const file = await open(draft, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(randomBytes(KEY_BYTES).toString('hex'));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function read(path: string): Promise<Buffer | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const key = Buffer.from(text.trim(), 'hex');
  if (key.byteLength !== KEY_BYTES) throw new Error(`${path} does not hold a key of ${KEY_BYTES} bytes; remove it and a new one is made`);
  return key;
}
