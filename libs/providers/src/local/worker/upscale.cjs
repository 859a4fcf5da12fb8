// @ts-check
/*
 * ESRGAN Slim 2×, run by TensorFlow.js on WebAssembly. The picture is worked in tiles, so that memory does not grow with it;
 * each tile is read with PAD pixels around it, which is more than the network looks at: no seam is left (measured: from 12 on
 * the result equals the whole picture's).
 */
const { readFileSync } = require('node:fs');
const { join, sep } = require('node:path');
const tf = require('@tensorflow/tfjs-core');
const { loadLayersModel } = require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-wasm');

const SCALE = 2;
const TILE = 192; // pixels: about 120 MB of work memory; larger tiles are hardly faster
const PAD = 12;

/** @type {ReturnType<typeof loadModel> | undefined} */
let model;

async function loadModel() {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false); // it would start threads that outlive ours
  await tf.setBackend('wasm');
  const entry = require.resolve('@upscalerjs/esrgan-slim/2x');
  const folder = join(entry.slice(0, entry.indexOf(join(sep, 'dist', 'cjs'))), 'models', 'x2');
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const [group] = weightsManifest;
  const weights = Uint8Array.from(readFileSync(join(folder, group.paths[0])));
  return loadLayersModel({ load: async () => ({ modelTopology, weightSpecs: group.weights, weightData: weights.buffer }) });
}

/**
 * @param {{ pixels: Uint8Array, width: number, height: number }} picture RGB, 8 bits each, row by row
 * @param {(percent: number) => void} report
 * @returns {Promise<{ pixels: Uint8Array, width: number, height: number }>} exactly twice as wide and high
 */
async function upscale(picture, report) {
  model ??= loadModel();
  const network = await model;
  const { width, height } = picture;
  const pixels = new Uint8Array(width * height * SCALE * SCALE * 3);
  const columns = Math.ceil(width / TILE);
  const tiles = columns * Math.ceil(height / TILE);
  for (let tile = 0; tile < tiles; tile++) {
    const left = (tile % columns) * TILE;
    const top = Math.floor(tile / columns) * TILE;
    const core = { left, top, right: Math.min(left + TILE, width), bottom: Math.min(top + TILE, height) };
    const read = { left: left - PAD, top: top - PAD, right: core.right + PAD, bottom: core.bottom + PAD };
    const size = { width: read.right - read.left, height: read.bottom - read.top };
    const input = tf.tensor4d(cut(picture, read), [1, size.height, size.width, 3]);
    const output = /** @type {tf.Tensor} */ (network.predict(input));
    paste({ values: await output.data(), box: read }, core, { pixels, width });
    input.dispose();
    output.dispose();
    report(Math.round(((tile + 1) / tiles) * 100));
  }
  return { pixels, width: width * SCALE, height: height * SCALE };
}

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

/**
 * Beyond the picture its edge goes on: the network would take nothing for black and darken the rim.
 * @param {{ pixels: Uint8Array, width: number, height: number }} picture @param {Box} box
 */
function cut({ pixels, width, height }, { left, top, right, bottom }) {
  const part = new Float32Array((right - left) * (bottom - top) * 3);
  let to = 0;
  for (let y = top; y < bottom; y++) {
    const row = Math.min(height - 1, Math.max(0, y)) * width;
    for (let x = left; x < right; x++) {
      const from = (row + Math.min(width - 1, Math.max(0, x))) * 3;
      part[to++] = pixels[from] ?? 0;
      part[to++] = pixels[from + 1] ?? 0;
      part[to++] = pixels[from + 2] ?? 0;
    }
  }
  return part;
}

/**
 * @param {{ values: ArrayLike<number>, box: Box }} enlarged the network's answer, and the box of the input it was made from
 * @param {Box} core what of it is kept
 * @param {{ pixels: Uint8Array, width: number }} target `width` is that of the input
 */
function paste({ values, box }, core, { pixels, width }) {
  const boxWidth = box.right - box.left;
  for (let y = core.top * SCALE; y < core.bottom * SCALE; y++) {
    let from = ((y - box.top * SCALE) * boxWidth + core.left - box.left) * SCALE * 3;
    let to = (y * width + core.left) * SCALE * 3;
    for (let left = (core.right - core.left) * SCALE * 3; left > 0; left--) {
      pixels[to++] = Math.min(255, Math.max(0, Math.round(values[from++] ?? 0)));
    }
  }
}

module.exports = { upscale };
