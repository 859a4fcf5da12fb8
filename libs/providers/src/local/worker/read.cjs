// @ts-check
/* Tesseract OCR, English, with its data from the package: no network, no cache on the disk. */
const { join, dirname } = require('node:path');
const { createWorker, OEM } = require('tesseract.js');

const DATA = join(dirname(require.resolve('@tesseract.js-data/eng')), '4.0.0_best_int');

/** @type {Promise<import('tesseract.js').Worker> | undefined} */
let reader;
/** @type {(percent: number) => void} */
let tell = () => undefined;

/**
 * @param {{ png: Uint8Array, layout: string }} input `layout`: a page segmentation mode of Tesseract
 * @param {(percent: number) => void} report
 * @returns {Promise<{ text: string, confidence: number }>} confidence 0..100
 */
async function read({ png, layout }, report) {
  tell = report;
  reader ??= createWorker('eng', OEM.LSTM_ONLY, {
    langPath: DATA, cacheMethod: 'none', gzip: true,
    logger: ({ status, progress }) => { if (status === 'recognizing text') tell(Math.round(progress * 100)); },
  });
  const worker = await reader;
  await worker.setParameters({
    tessedit_pageseg_mode: /** @type {import('tesseract.js').PSM} */ (layout),
    user_defined_dpi: '150', // pictures seldom know theirs; without one Tesseract guesses and says so on stderr
  });
  const { data } = await worker.recognize(Buffer.from(png));
  return { text: data.text.trim(), confidence: data.confidence };
}

module.exports = { read };
