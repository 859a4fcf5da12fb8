import type { Form, JsonObject } from '@countersign/core';
import { formFromOpenApi } from './form/form-from-open-api';
import { BREAKS, type Breakage } from './testing/break-payload';
import { outsideForms } from './testing/outside-models';
import { randomOf, pick, wellFormedPayload } from './testing/random-payload';
import { requestOf } from './testing/request-of';
import { SCHEMAS } from './testing/schemas';
import { validate } from './validate';

const PAYLOADS = 20_000; // well-formed payloads; each broken payload is made from one of them
const TARGET = 0.99;

function forms(): Form[] {
  return [...SCHEMAS.map((source) => formFromOpenApi(source)), ...outsideForms('breaks of real models, beside our own').values()];
}

const sorted = (input: JsonObject): string => JSON.stringify(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)));
const all = forms();

describe(`random payloads against ${all.length} schemas`, () => {
  const random = randomOf(20_261_122);
  const made = Array.from({ length: PAYLOADS }, () => { const form = pick(random, all); return { form, payload: wellFormedPayload(form, random) }; });

  test('well-formed payloads pass untouched', () => {
    const touched = made.filter(({ form, payload }) => {
      const report = validate(form, requestOf({ parameters: payload }));
      return !report.ready || report.fixes.length > 0 || sorted(report.input) !== sorted(payload);
    });
    process.stdout.write(`well-formed payloads untouched: ${PAYLOADS - touched.length} of ${PAYLOADS}\n`);
    for (const { form, payload } of touched.slice(0, 5)) process.stdout.write(`${form.model} ${JSON.stringify(payload).slice(0, 600)} ${JSON.stringify(validate(form, requestOf({ parameters: payload })).summary.suggested_actions)}\n`);
    expect(touched).toHaveLength(0);
  });

  test('each single breakage is repaired to the original or reported with the right code', () => {
    const tally = new Map<string, { repaired: number; reported: number; wrong: number; sample: string }>();
    for (const { form, payload } of made) {
      const from = Math.floor(random() * BREAKS.length);
      const broken = [...BREAKS.slice(from), ...BREAKS.slice(0, from)].map((make) => () => make(form, payload, random)).reduce<Breakage | null>((found, make) => found ?? make(), null);
      if (broken) {
        const report = validate(form, requestOf({ parameters: broken.payload }));
        const issues = report.summary.checkpoints.flatMap((checkpoint) => checkpoint.issues);
        const line = tally.get(broken.way) ?? { repaired: 0, reported: 0, wrong: 0, sample: '' };
        tally.set(broken.way, line);
        const named = issues.some((issue) => broken.codes.includes(issue.code) && (issue.field === broken.field || issue.code === 'unknown_field' || (issue.details?.['any_of'] as string[] | undefined)?.includes(broken.field) === true));
        if (report.ready && sorted(report.input) === sorted(payload)) line.repaired += 1;
        else if (!report.ready && named) line.reported += 1;
        else { line.wrong += 1; line.sample ||= `${form.model} ${broken.field} ready=${report.ready} ${JSON.stringify(broken.payload).slice(0, 400)} → ${JSON.stringify(report.input).slice(0, 400)} ${issues.map((issue) => `${issue.field}:${issue.code}`).join(' ')}`; }
      }
    }
    const lines = [...tally];
    const total = lines.reduce((sum, [, line]) => sum + line.repaired + line.reported + line.wrong, 0);
    const wrong = lines.reduce((sum, [, line]) => sum + line.wrong, 0);
    process.stdout.write(`broken payloads repaired or rightly reported: ${total - wrong} of ${total} (${(100 * (1 - wrong / total)).toFixed(2)} %)\n`);
    for (const [way, line] of lines) process.stdout.write(`  ${way}: repaired ${line.repaired}, reported ${line.reported}, wrong ${line.wrong}${line.sample === '' ? '' : ` e.g. ${line.sample}`}\n`);
    expect(1 - wrong / total).toBeGreaterThanOrEqual(TARGET);
  });
});
