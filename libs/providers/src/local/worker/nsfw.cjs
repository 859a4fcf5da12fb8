// @ts-check
/*
 * NSFWJS (MobileNet v2), run by TensorFlow.js on WebAssembly. Only its model files are used: the package's own code wants the
 * whole of TensorFlow.js and a browser's canvas.
 */
const { join } = require('node:path');
const tf = require('@tensorflow/tfjs-core');
const { loadLayersModel } = require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-wasm');

const SIDE = 224; // pixels: what the network was trained on
/** In the order of the network's answer. */
const CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'];

/** @type {ReturnType<typeof loadModel> | undefined} */
let model;

async function loadModel() {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false); // it would start threads that outlive ours
  await tf.setBackend('wasm');
  const folder = join(require.resolve('nsfwjs'), '..', '..', 'models', 'mobilenet_v2');
  const { modelTopology, weightsManifest } = require(join(folder, 'model.min.js'));
  const weights = Uint8Array.from(Buffer.from(require(join(folder, 'group1-shard1of1.min.js')), 'base64'));
  const weightSpecs = weightsManifest.flatMap((/** @type {{ weights: object[] }} */ group) => group.weights);
  return loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData: weights.buffer }) });
}

/**
 * @param {{ pixels: Uint8Array }} picture 224 × 224, RGB, 8 bits each, row by row
 * @returns {Promise<Record<string, number>>} a probability for each class; they add up to one
 */
async function nsfw({ pixels }) {
  model ??= loadModel();
  const network = await model;
  const input = tf.tidy(() => tf.div(tf.tensor4d(Float32Array.from(pixels), [1, SIDE, SIDE, 3]), 255));
  const output = /** @type {tf.Tensor} */ (network.predict(input));
  const scores = await output.data();
  input.dispose();
  output.dispose();
  return Object.fromEntries(CLASSES.map((name, index) => [name, scores[index] ?? 0]));
}

module.exports = { nsfw };
