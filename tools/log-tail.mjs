import { closeSync, copyFileSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';

/** Services write their logs themselves, so that they do not depend on the launcher; it looks in from time to time. */
const LOOK_EVERY_MS = 500;
/** A log that grew to this is kept once as `.1` and emptied, so that a service left alone for weeks fills no disk. */
const MAX_LOG_BYTES = 50 * 1024 * 1024;
/** Lines of one service that reach the terminal between two looks; the rest is in the log. */
const MAX_LINES = 5;
const LINE_CHARS = 300;
const CHUNK_BYTES = 256 * 1024;
const ERROR = 50;
const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: ERROR, fatal: 60 };

/** Shows errors, and whatever is not a log line, of the followed logs on the terminal. */
export class LogTail {
  #files = new Map();
  #timer;

  constructor(tell) {
    this.tell = tell;
  }

  begin() {
    this.#timer ??= setInterval(() => this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** From its present end when it is new; a service that was started again goes on in the same file. */
  follow(name, file) {
    if (!this.#files.has(name)) this.#files.set(name, { file, offset: 0 });
  }

  end() {
    this.look();
    clearInterval(this.#timer);
  }

  look() {
    for (const [name, state] of this.#files) {
      const lines = readNew(state).split('\n').map(readable).filter((line) => line !== '');
      for (const line of lines.slice(0, MAX_LINES)) this.tell(`  ${name}: ${line}`);
      if (lines.length > MAX_LINES) this.tell(`  ${name}: ${lines.length - MAX_LINES} more, see ${state.file}`);
    }
  }
}

function readNew(state) {
  const fd = openSync(state.file, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size < state.offset) state.offset = 0;
    const buffer = Buffer.alloc(Math.min(size - state.offset, CHUNK_BYTES));
    const length = readSync(fd, buffer, 0, buffer.length, state.offset);
    const end = buffer.subarray(0, length).lastIndexOf('\n') + 1;
    // A line longer than the chunk is nothing for a terminal.
    state.offset += end === 0 && length === CHUNK_BYTES ? length : end;
    if (size > MAX_LOG_BYTES) {
      copyFileSync(state.file, `${state.file}.1`);
      truncateSync(state.file);
      state.offset = 0;
    }
    return buffer.toString('utf8', 0, end);
  } finally {
    closeSync(fd);
  }
}

function readable(line) {
  if (!line.startsWith('{')) return line.slice(0, LINE_CHARS);
  try {
    const { level, msg, err, reason } = JSON.parse(line);
    if ((LEVELS[level] ?? level) < ERROR) return '';
    return [msg, err?.message ?? reason].filter(Boolean).join(': ').slice(0, LINE_CHARS);
  } catch {
    return line.slice(0, LINE_CHARS);
  }
}
