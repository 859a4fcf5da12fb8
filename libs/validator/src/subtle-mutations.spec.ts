import type { Form, JsonObject, ValidationReport } from '@countersign/core';
import { formFromOpenApi } from './form/form-from-open-api';
import { MEDIA_MODELS } from './right-answers/other-media-models';
import { PICTURE_MODELS } from './right-answers/other-picture-models';
import { NEWER_MODELS } from './right-answers/newer-models';
import { SUBTLE_BREAKS, type SubtleBreakage } from './testing/break-subtly';
import { outsideForms } from './testing/outside-models';
import { pick, randomOf, wellFormedPayload } from './testing/random-payload';
import { requestOf } from './testing/request-of';
import { SCHEMAS } from './testing/schemas';
import { validate } from './validate';

const SEED = 20_261_122;
const PAYLOADS = 8_000;
const TARGET = 0.99; // repaired, or told by the right code

function forms(): Form[] {
  const own = [...SCHEMAS, ...PICTURE_MODELS, ...MEDIA_MODELS, ...NEWER_MODELS].map((source) => formFromOpenApi(source));
  return [...own, ...outsideForms('subtle breaks of real models, beside our own').values()];
}

const sorted = (input: JsonObject): string => JSON.stringify(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)));

interface Tally { repaired: number; told: number; readyButWrong: number; otherwise: number; sample: string }

/** A given value that is sent otherwise must be listed, or told as not sent. */
function isChangedInSilence(given: JsonObject, report: ValidationReport): boolean {
  return Object.entries(given).some(([name, value]) => JSON.stringify(report.input[name]) !== JSON.stringify(value)
    && !report.fixes.some((fix) => fix.field === name || fix.from_field === name) && !report.dropped.some((dropped) => dropped === name || name.startsWith(dropped)));
}

function judged(form: Form, broken: SubtleBreakage, line: Tally): void {
  const report = validate(form, requestOf({ parameters: broken.parameters, attachments: broken.attachments ?? [], observations: broken.observations ?? [] }));
  const codes = report.summary.checkpoints.flatMap(({ issues }) => issues).filter(({ severity }) => severity === 'error').map(({ code }) => code);
  if (report.ready && !broken.mustAsk && !isChangedInSilence(broken.parameters, report) && sorted(report.input) === sorted(broken.right)) { line.repaired += 1; return; }
  if (!report.ready && codes.some((code) => broken.codes.includes(code))) { line.told += 1; return; }
  if (report.ready) line.readyButWrong += 1; else line.otherwise += 1;
  line.sample ||= `${form.model} ${JSON.stringify(broken.parameters).slice(0, 500)} ${JSON.stringify(broken.attachments ?? '')} → ready=${report.ready} ${JSON.stringify(report.input).slice(0, 400)} ${codes.join(' ')}`;
}

test('what only looks right is never called ready', () => {
  const random = randomOf(SEED), all = forms();
  const tally = new Map<string, Tally>();
  for (let made = 0; made < PAYLOADS; made += 1) {
    const form = pick(random, all), payload = wellFormedPayload(form, random);
    if (!validate(form, requestOf({ parameters: payload })).ready) continue;
    const from = Math.floor(random() * SUBTLE_BREAKS.length);
    const broken = [...SUBTLE_BREAKS.slice(from), ...SUBTLE_BREAKS.slice(0, from)].reduce<SubtleBreakage | null>((found, make) => found ?? make(form, payload, random), null);
    if (!broken) continue;
    const line = tally.get(broken.way) ?? { repaired: 0, told: 0, readyButWrong: 0, otherwise: 0, sample: '' };
    tally.set(broken.way, line);
    judged(form, broken, line);
  }
  const sum = (of: (line: Tally) => number): number => [...tally.values()].reduce((total, line) => total + of(line), 0);
  const total = sum((line) => line.repaired + line.told + line.readyButWrong + line.otherwise), wrong = sum((line) => line.readyButWrong);
  const right = sum((line) => line.repaired + line.told);
  process.stdout.write(`subtly broken: ${right} of ${total} repaired or told by the right code (${(100 * right / total).toFixed(2)} %), ${wrong} called ready though wrong\n`);
  for (const [way, line] of tally) process.stdout.write(`  ${way}: repaired ${line.repaired}, told ${line.told}, otherwise ${line.otherwise}, ready but wrong ${line.readyButWrong}${line.sample === '' ? '' : ` e.g. ${line.sample}`}\n`);
  expect(wrong).toBe(0);
  expect(right / total).toBeGreaterThanOrEqual(TARGET);
});
