import { REVIEWED_ENOUGH, type Form, type Json, type MemoryEntry, type Preparation, type Reviewed, type Ruling, type ValidationRequest } from '@countersign/core';
import * as fc from 'fast-check';
import { formFromOpenApi } from '../form/form-from-open-api';
import { inferForm } from '../form/infer-form';
import { requestOf } from '../testing/request-of';
import { schemaOf } from '../testing/schemas';
import { prepare } from './prepare';

const DREAM = formFromOpenApi(schemaOf('acme/dream-xl'));
const PROMPT = 'a lighthouse at dusk, oil on canvas';
const ALWAYS: Ruling = { state: 'always', by: 'human:ann', at: '2026-11-22T12:00:00.000Z' };
const MUTED: Ruling = { ...ALWAYS, state: 'muted' };

function entry(before: Json, after: Json, over: Partial<MemoryEntry> = {}): MemoryEntry {
  return {
    memoryId: `m-${String(after)}`, tenantId: 'default', userId: 'ann', provider: DREAM.provider, model: DREAM.model, version: DREAM.version,
    field: 'aspect_ratio', before, after, ruling: null, firstSeenAt: ALWAYS.at, lastSeenAt: ALWAYS.at,
    seen: [{ before, after }, { before, after }, { before, after: before }, { before, after }, { before, after }], ...over,
  };
}

const WIDE = entry('1:1', '16:9');
const RULE = entry('1:1', '16:9', { ruling: ALWAYS });

function prepared(entries: MemoryEntry[], said: Partial<ValidationRequest> = {}, more: { form?: Form; reviewed?: Reviewed } = {}): Preparation {
  const { form = DREAM, reviewed = { payloads: 0, changed: 0 } } = more;
  return prepare({ form, request: requestOf({ prompt: PROMPT, ...said }), provider: form.provider, model: form.model, sha256: (text) => String(text.length), estimate: () => null, memory: { entries, reviewed } });
}
const ratio = (preparation: Preparation): Json | undefined => preparation.payload?.input.aspect_ratio;

describe('a habit', () => {
  it('is offered with its evidence, and changes nothing', () => {
    const preparation = prepared([WIDE]);
    expect(preparation.habits).toEqual([{
      memory_id: 'm-16:9', field: 'aspect_ratio', before: '1:1', after: '16:9', alike: 4, of: 5, evidence: 'last 4 of 5: aspect_ratio 1:1 → 16:9', state: 'proposed', not_applied: null,
    }]);
    expect(preparation.payload).toEqual(prepared([]).payload);
    expect(preparation.fixes).toEqual([]);
    expect(prepared([])).not.toHaveProperty('habits');
  });

  it('comes in the same order every time: seen most first, then by name', () => {
    const other = (field: string, over: Partial<MemoryEntry> = {}): MemoryEntry => {
      const { default: before = null } = DREAM.fields.find(({ name }) => name === field) ?? {};
      const after = typeof before === 'number' ? before + 1 : null;
      return entry(before, after, { field, memoryId: field, ...over });
    };
    const numbers = DREAM.fields.filter(({ type, default: value }) => type === 'integer' && typeof value === 'number').map(({ name }) => name).sort();
    expect(numbers.length).toBeGreaterThan(1);
    const entries = numbers.map((name) => other(name));
    const seenMore: MemoryEntry = { ...WIDE, seen: Array.from({ length: 5 }, () => ({ before: '1:1', after: '16:9' })) };
    for (const mixed of [[...entries, seenMore], [seenMore, ...entries].reverse()]) {
      expect(prepared(mixed).habits?.map(({ field }) => field)).toEqual(['aspect_ratio', ...numbers]);
    }
  });

  it.each<[string, MemoryEntry, Partial<ValidationRequest>]>([
    ['the value is another one here', WIDE, { parameters: { aspect_ratio: '9:16' } }],
    ['it is muted', { ...WIDE, ruling: MUTED }, {}],
    ['it was not seen often enough', { ...WIDE, seen: WIDE.seen.slice(0, 2) }, {}],
    ['a newer card contradicts it', { ...WIDE, seen: [{ before: '1:1', after: '9:16' }, ...WIDE.seen] }, {}],
    ['the model has no such field any more', { ...WIDE, field: 'ratio' }, {}],
    ['the value does not fit any more', entry('1:1', '21:9'), {}],
  ])('is not offered when %s', (_when, remembered, said) => {
    expect(prepared([remembered], said)).not.toHaveProperty('habits');
  });

  it.each<Partial<ValidationRequest>>([{ parameters: { aspect_ratio: '1:1' } }, { parameters: { ratio: '1:1' } }, { edits: { aspect_ratio: '1:1' } }])('is offered also for a value that was given: %j', (said) => {
    expect(prepared([WIDE], said).habits).toHaveLength(1);
  });
});

describe('a rule that a person switched on', () => {
  it('is applied where the requester left the field to the model, listed with who switched it on, and counted', () => {
    const preparation = prepared([RULE]);
    expect(ratio(preparation)).toBe('16:9');
    expect(preparation.fixes).toEqual([{ field: 'aspect_ratio', before: '1:1', after: '16:9', rule: 'memory m-16:9, switched on by human:ann', memory_id: 'm-16:9' }]);
    expect(preparation).not.toHaveProperty('habits');
    expect(preparation.confidence).toEqual({ score: 0.96, reasons: ['1 value was repaired'] });
    expect(preparation.diff).toContainEqual({ field: 'aspect_ratio', default: '1:1', value: '16:9' });
  });

  it.each<[string, Partial<ValidationRequest>]>([
    ['by name', { parameters: { aspect_ratio: '1:1' } }], ['by another name', { parameters: { ratio: '1:1' } }], ['on a card', { edits: { aspect_ratio: '1:1' } }],
    ['by emptying the field on a card', { edits: { aspect_ratio: null } }],
  ])('leaves a value that was given alone (%s), and offers it with why', (_how, said) => {
    const preparation = prepared([RULE], said);
    expect(preparation.payload).toEqual(prepared([], said).payload);
    expect(preparation.fixes).toEqual(prepared([], said).fixes);
    expect(preparation.habits).toMatchObject([{ state: 'always', not_applied: expect.stringContaining('given') }]);
  });

  it('is not applied to a value that was given wrong', () => {
    expect(prepared([RULE], { parameters: { aspect_ratio: 'wide-ish' } })).toMatchObject({ fixes: [], summary: { blocking_issues: 1 } });
  });

  it('that would break the payload is not applied, and the card says so', () => {
    const preparation = prepared([entry(null, 9_000, { field: 'width', ruling: ALWAYS }), entry('1:1', 'no such', { ruling: ALWAYS })]);
    expect(preparation.payload).toEqual(prepared([]).payload);
    expect(preparation.habits?.map(({ not_applied: why }) => why)).toEqual(['it does not fit the other values', 'it does not fit the other values']);
  });

  it('is one a field: two do not chase each other', () => {
    const preparation = prepared([RULE, entry('16:9', '1:1', { ruling: ALWAYS }), entry('1:1', '9:16', { ruling: ALWAYS })]);
    expect([ratio(preparation), preparation.fixes.length]).toEqual(['16:9', 1]);
  });

  it('goes together with rules of other fields', () => {
    const preparation = prepared([RULE, entry(28, 40, { field: 'num_inference_steps', ruling: ALWAYS }), entry(true, false, { field: 'go_fast', ruling: ALWAYS })]);
    expect(preparation.payload?.input).toEqual({ prompt: PROMPT, aspect_ratio: '16:9', num_inference_steps: 40, go_fast: false });
    expect(preparation.fixes.map(({ field }) => field).sort()).toEqual(['aspect_ratio', 'go_fast', 'num_inference_steps']);
  });

  const value = fc.constantFrom<Json>('1:1', '16:9', '9:16', 'custom', 'no such', null, 7);
  const ruling = fc.constantFrom(null, ALWAYS, MUTED);
  it('alone changes a payload, only where nothing was said, and each change is listed', () => {
    const entries = fc.array(fc.record({ before: value, after: value, ruling, field: fc.constantFrom('aspect_ratio', 'output_format', 'go_fast', 'prompt', 'nothing') }), { maxLength: 6 });
    const said = fc.dictionary(fc.constantFrom('aspect_ratio', 'output_format', 'go_fast', 'seed'), value);
    fc.assert(fc.property(entries, said, (remembered, parameters) => {
      const with_ = prepared(remembered.map(({ before, after, ...over }, n) => entry(before, after, { ...over, memoryId: String(n) })), { parameters });
      const without = prepared([], { parameters });
      const fixed = with_.fixes.filter((fix) => fix.memory_id !== undefined);
      expect(with_.payload?.input).toEqual({ ...without.payload?.input, ...Object.fromEntries(fixed.map(({ field, after }) => [field, after])) });
      for (const { field, memory_id: id } of fixed) {
        expect(remembered[Number(id)]?.ruling).toBe(ALWAYS);
        expect(parameters).not.toHaveProperty(field);
      }
      expect(with_.summary.blocking_issues).toBe(without.summary.blocking_issues);
    }), { numRuns: 300 });
  });
});

describe('confidence, from what reviewers changed before', () => {
  const confidence = (changed: number, payloads: number) => prepared([], {}, { reviewed: { changed, payloads } }).confidence;

  it.each([[0, 5, 1], [1, 5, 0.94], [2, 5, 0.88], [5, 5, 0.7], [1, 10, 0.97], [10, 10, 0.7]])('%d of %d changed make it %d, and it says so', (changed, payloads, score) => {
    expect(confidence(changed, payloads).score).toBe(score);
    if (changed > 0) expect(confidence(changed, payloads).reasons).toEqual([`reviewers changed ${changed} of the last ${payloads} payloads of this model version`]);
  });

  it('concludes nothing from a few', () => {
    expect(confidence(REVIEWED_ENOUGH - 1, REVIEWED_ENOUGH - 1)).toEqual({ score: 1, reasons: ['every value was given explicitly and fits'] });
  });

  it('stays within 0..1, and more changes never raise it', () => {
    const guessed = inferForm({ prompt: 'sample', steps: 4 }, { provider: 'p', model: 'a/b', version: '?', digest: '0' });
    fc.assert(fc.property(fc.nat(50), fc.nat(50), fc.nat(20), fc.constantFrom(DREAM, guessed), (a, b, payloads, form) => {
      const [few, many] = [Math.min(a, b), Math.max(a, b)].map((changed) => prepared([], {}, { form, reviewed: { changed, payloads } }).confidence.score);
      expect(many).toBeLessThanOrEqual(few ?? 0);
      expect(many).toBeGreaterThanOrEqual(0);
      expect(few).toBeLessThanOrEqual(1);
    }));
  });
});
