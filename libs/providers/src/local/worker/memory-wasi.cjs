// @ts-check
/*
 * What this is: as much of WASI preview 1 as a command needs that reads its arguments and writes files, all in memory.
 * Why not node:wasi: with longer texts it aborts the whole process now and then (Node 20.20, SIGABRT without a word), and
 * an executor must not die of a model. This also needs no folder on the disk and prints no warning.
 */
const ERRNO = { success: 0, badf: 8, inval: 28, noent: 44 };
const ROOT_FD = 3; // the one folder a command finds open
const ROOT_NAME = '/out';
const MAX_FILE_BYTES = 64 * 1024 * 1024; // far above what the longest text gives; keeps a runaway command bounded

class Exit extends Error {
  /** @param {number} code */
  constructor(code) {
    super(`exit ${code}`);
    this.code = code;
  }
}

/** @typedef {{ Instance: new (module: object, imports: object) => { exports: unknown } }} Wasm */
/** @typedef {{ memory: { buffer: ArrayBuffer }, _start: () => void }} Command */
const { Instance } = /** @type {{ WebAssembly: Wasm }} */ (/** @type {unknown} */ (globalThis)).WebAssembly;

/**
 * Runs a command to its end.
 * @param {object} module a compiled WebAssembly.Module
 * @param {string[]} args the first one is the command's name
 * @returns {{ code: number, files: Map<string, Uint8Array>, printed: string }} files by their name below /out
 */
function runCommand(module, args) {
  const disk = new MemoryDisk();
  /** The command's memory moves when it grows: it is looked up anew each time. */
  const bytes = () => new Uint8Array(command().memory.buffer);
  const view = () => new DataView(command().memory.buffer);
  const texts = args.map((arg) => Buffer.from(`${arg}\0`, 'utf8'));

  const imports = {
    /** @param {number} count @param {number} size */
    args_sizes_get: (count, size) => {
      view().setUint32(count, texts.length, true);
      view().setUint32(size, texts.reduce((sum, text) => sum + text.length, 0), true);
      return ERRNO.success;
    },
    /** @param {number} pointers @param {number} at */
    args_get: (pointers, at) => {
      texts.forEach((text, index) => {
        view().setUint32(pointers + index * 4, at, true);
        bytes().set(text, at);
        at += text.length;
      });
      return ERRNO.success;
    },
    /** @param {number} _id @param {bigint} _precision @param {number} at */
    clock_time_get: (_id, _precision, at) => {
      view().setBigUint64(at, 0n, true); // always the same time: the same words give the same sound
      return ERRNO.success;
    },
    /** @param {number} fd @param {number} at */
    fd_prestat_get: (fd, at) => {
      if (fd !== ROOT_FD) return ERRNO.badf;
      view().setUint32(at, 0, true);
      view().setUint32(at + 4, ROOT_NAME.length, true);
      return ERRNO.success;
    },
    /** @param {number} fd @param {number} at @param {number} length */
    fd_prestat_dir_name: (fd, at, length) => {
      if (fd !== ROOT_FD || length < ROOT_NAME.length) return ERRNO.inval;
      bytes().set(Buffer.from(ROOT_NAME), at);
      return ERRNO.success;
    },
    /** @param {number} fd @param {number} at */
    fd_fdstat_get: (fd, at) => {
      if (fd > ROOT_FD && !disk.has(fd)) return ERRNO.badf;
      bytes().fill(0, at, at + 24);
      bytes()[at] = fd < ROOT_FD ? 2 : fd === ROOT_FD ? 3 : 4; // character device, folder, file
      bytes().fill(0xff, at + 8, at + 24); // all rights
      return ERRNO.success;
    },
    fd_fdstat_set_flags: () => ERRNO.success,
    /** @param {number} fd @param {number} _vectors @param {number} _count @param {number} at */
    fd_read: (fd, _vectors, _count, at) => {
      if (fd !== 0) return ERRNO.badf;
      view().setUint32(at, 0, true); // standard input is empty
      return ERRNO.success;
    },
    /** @param {number} fd @param {number} vectors @param {number} count @param {number} at */
    fd_write: (fd, vectors, count, at) => {
      let written = 0;
      for (let index = 0; index < count; index++) {
        const start = view().getUint32(vectors + index * 8, true);
        const length = view().getUint32(vectors + index * 8 + 4, true);
        if (!disk.write(fd, bytes().subarray(start, start + length))) return ERRNO.badf;
        written += length;
      }
      view().setUint32(at, written, true);
      return ERRNO.success;
    },
    /** @param {number} fd @param {bigint} offset @param {number} whence @param {number} at */
    fd_seek: (fd, offset, whence, at) => {
      const position = disk.seek(fd, Number(offset), whence);
      if (position === null) return ERRNO.badf;
      view().setBigUint64(at, BigInt(position), true);
      return ERRNO.success;
    },
    /** @param {number} fd */
    fd_close: (fd) => (disk.close(fd) ? ERRNO.success : ERRNO.badf),
    /** @param {[number, number, number, number, number, bigint, bigint, number, number]} given */
    path_open: (...given) => {
      const [, , path, length, openFlags, , , , at] = given;
      const isForWriting = (openFlags & 1) === 1;
      if (!isForWriting) return ERRNO.noent; // there is nothing to read
      view().setUint32(at, disk.open(Buffer.from(bytes().subarray(path, path + length)).toString('utf8')), true);
      return ERRNO.success;
    },
    /** @param {number} code */
    proc_exit: (code) => {
      throw new Exit(code);
    },
  };

  const instance = new Instance(module, { wasi_snapshot_preview1: imports });
  const command = () => /** @type {Command} */ (instance.exports);
  let code = 0;
  try {
    command()._start();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    code = error.code;
  }
  return { code, files: disk.files(), printed: disk.printed() };
}

/** Files that are being written, and what went to standard output and error. */
class MemoryDisk {
  constructor() {
    /** @type {Map<number, { name: string, data: Buffer, size: number, at: number }>} */
    this.all = new Map();
    for (const [fd, name] of ['stdin', 'stdout', 'stderr'].entries()) this.all.set(fd, fresh(name));
    this.next = ROOT_FD + 1;
    /** @type {Set<number>} */
    this.opened = new Set();
  }

  /** @param {string} name */
  open(name) {
    const fd = this.next++;
    this.all.set(fd, fresh(name));
    this.opened.add(fd);
    return fd;
  }

  /** @param {number} fd */
  has(fd) {
    return this.opened.has(fd);
  }

  /** @param {number} fd @param {Uint8Array} bytes */
  write(fd, bytes) {
    const file = this.all.get(fd);
    if (file === undefined || fd === 0) return false;
    const end = file.at + bytes.length;
    if (end > MAX_FILE_BYTES) throw new Error('the output is too large');
    if (end > file.data.length) {
      const larger = Buffer.alloc(Math.max(end, file.data.length * 2));
      file.data.copy(larger, 0, 0, file.size);
      file.data = larger;
    }
    file.data.set(bytes, file.at);
    file.at = end;
    file.size = Math.max(file.size, end);
    return true;
  }

  /** @param {number} fd @param {number} offset @param {number} whence 0 = from the start, 1 = from here, 2 = from the end */
  seek(fd, offset, whence) {
    const file = this.all.get(fd);
    if (file === undefined || !this.has(fd)) return null;
    const position = offset + (whence === 0 ? 0 : whence === 1 ? file.at : file.size);
    if (position < 0 || position > MAX_FILE_BYTES) return null;
    file.at = position;
    return position;
  }

  /** @param {number} fd */
  close(fd) {
    return this.opened.delete(fd);
  }

  files() {
    const made = [...this.all].filter(([fd]) => fd > ROOT_FD);
    return new Map(made.map(([, file]) => [file.name, Uint8Array.from(file.data.subarray(0, file.size))]));
  }

  printed() {
    return [1, 2].map((fd) => this.all.get(fd)).map((file) => file?.data.toString('utf8', 0, file.size) ?? '').join('');
  }
}

/** @param {string} name */
function fresh(name) {
  return { name, data: Buffer.alloc(0), size: 0, at: 0 };
}

module.exports = { runCommand };
