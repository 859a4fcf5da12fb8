// @ts-check
/*
 * What this is: the entry of the worker threads in which the local models run.
 * Invariant: nothing in here touches the network, and nothing but pure JavaScript and WebAssembly runs in here, so that
 * terminating the thread at any instruction harms nobody.
 * Why .cjs: a Worker wants a file that node can run as it is. Tests run the TypeScript sources, production runs dist, and
 * this file is the same in both places (the compiler copies it beside its .js).
 * To extend: a task is one file with one async function (input, report) => result, and one line in TASKS.
 */
const { parentPort } = require('node:worker_threads');

/** @typedef {(percent: number) => void} Report */
/** @type {Record<string, () => (input: never, report: Report) => Promise<unknown>>} */
const TASKS = {
  upscale: () => require('./upscale.cjs').upscale,
  speak: () => require('./speak.cjs').speak,
  nsfw: () => require('./nsfw.cjs').nsfw,
  read: () => require('./read.cjs').read,
};

parentPort?.on('message', async ({ task, input }) => {
  try {
    const load = TASKS[task];
    if (load === undefined) throw new Error(`no task ${task}`);
    const result = await load()(/** @type {never} */ (input), (percent) => parentPort?.postMessage({ kind: 'progress', percent }));
    parentPort?.postMessage({ kind: 'done', result });
  } catch (error) {
    parentPort?.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
