/*
 * Run in a process of its own with --expose-gc: makes mixed reports and prints what the heap holds before, halfway and
 * after, each time after everything unreachable was collected. Output: one line of JSON, bytes.
 */
import type { JsonObject } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { validate } from '../validate';
import { randomOf, wellFormedPayload } from './random-payload';
import { requestOf } from './request-of';
import { SCHEMAS } from './schemas';

const REPORTS = 10_000;
const ONCE = 8_000; // reports that fill the bounded caches and get the code compiled, before anything is measured

function held(): number {
  for (let round = 0; round < 3; round += 1) (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}

/** Forms are made anew again and again, as when versions of models come and go. */
function reports(count: number, from: number): void {
  const random = randomOf(from);
  let forms = SCHEMAS.map((source) => formFromOpenApi(source));
  for (let made = 0; made < count; made += 1) {
    if (made % 1_000 === 999) forms = SCHEMAS.map((source) => formFromOpenApi({ ...source, version: `v${from + made}`, digest: String(from + made) }));
    const form = forms[made % forms.length] ?? null;
    const broken: JsonObject = made % 3 === 0 ? { stepz: made, [`unknown_${made}`]: 'x'.repeat(100), image: `/tmp/${made}.png` } : {};
    validate(form, requestOf({
      prompt: `a calm sea at dawn, number ${made}, https://files.example.org/${made}.png`, parameters: { ...(form ? wellFormedPayload(form, random) : {}), ...broken },
      attachments: [{ url: `https://files.example.org/${made}.mp3`, name: `${made}.mp3` }], conversation: [{ role: 'user', content: `see https://files.example.org/c${made}.png` }],
    }));
  }
}

reports(ONCE, 1);
const before = held();
reports(REPORTS / 2, 10_000);
const halfway = held();
reports(REPORTS / 2, 20_000);
process.stdout.write(`${JSON.stringify({ reports: REPORTS, before, halfway, after: held() })}\n`);
