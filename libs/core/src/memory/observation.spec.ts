import * as fc from 'fast-check';
import type { Json, JsonObject } from '../json';
import { aDecision, anApproval, aPayload, aPreparation, aRun } from '../testing/factories';
import type { Decision } from '../approval/approval';
import { payloadSuggestion } from '../checkpoints/payload-suggestion.checkpoint';
import { transition } from '../run/transition';
import { MAX_REMEMBERED_FIELDS, observationOf } from './observation';

const option = (more: JsonObject): JsonObject => ({ 'x-role': 'option', ...more });
const PROPERTIES: JsonObject = {
  prompt: { type: 'string', 'x-role': 'prompt', default: 'a red fox' },
  negative_prompt: { type: 'string', 'x-role': 'text', default: 'no fur' },
  image: { type: 'string', 'x-role': 'file', format: 'uri' },
  aspect_ratio: option({ type: 'string', enum: ['1:1', '16:9', '4:3'], default: '1:1' }),
  steps: option({ type: 'integer', default: 28 }),
  go_fast: option({ type: 'boolean' }),
  voice: option({ type: 'string', default: 'whoever' }),
  api_token: option({ type: 'string', enum: ['a', 'b'], writeOnly: true }),
  sizes: option({ type: 'array', default: [1, 2] }),
};
const SHOWN: JsonObject = { prompt: 'a red fox', steps: 28, image: 'https://example.org/a.png' };

function observed(over: Partial<Decision>, properties: JsonObject = PROPERTIES, input = SHOWN) {
  const approval = anApproval({ schema: { type: 'object', properties }, payload: aPayload({ input }) });
  return observationOf(aRun('awaiting_human', { userId: 'ann' }), approval, aDecision({ by: 'human:rob', ...over }));
}
const edited = (input: JsonObject): Partial<Decision> => ({ action: 'edit', edits: { any: 1 }, preparation: aPreparation({ payload: aPayload({ input }) }) });
const changes = (over: Partial<Decision>) => observed(over)?.fields.filter(({ before, after }) => before !== after);

describe('what a reviewer did', () => {
  it('is kept with the values that were left alone, for whom the run is, and by whom', () => {
    expect(observed({ action: 'approve' })).toEqual({
      approvalId: expect.any(String), tenantId: 'default', userId: 'ann', provider: 'scripted', model: 'scripted/echo', version: '1', changed: false,
      fields: [{ field: 'aspect_ratio', before: '1:1', after: '1:1' }, { field: 'steps', before: 28, after: 28 }, { field: 'go_fast', before: null, after: null }],
      by: 'human:rob', at: '2026-11-22T12:10:00.000Z',
    });
  });

  it('begins at the value that counts: given, else the model\'s default, else nothing', () => {
    expect(changes(edited({ ...SHOWN, aspect_ratio: '16:9', go_fast: true }))).toEqual([
      { field: 'aspect_ratio', before: '1:1', after: '16:9' }, { field: 'go_fast', before: null, after: true },
    ]);
    expect(changes(edited({ prompt: 'a red fox' }))).toEqual([{ field: 'steps', before: 28, after: null }]);
  });

  it('said in words counts as what the words were read as', () => {
    expect(changes({ action: 'respond', message: 'make it wide', edits: { aspect_ratio: '16:9', steps: null } })).toEqual([
      { field: 'aspect_ratio', before: '1:1', after: '16:9' }, { field: 'steps', before: 28, after: null },
    ]);
  });

  it.each<[string, Partial<Decision>]>([['a rejection', { action: 'reject', reason: 'no' }], ['the clock\'s answer', { by: 'policy:on_timeout' }]])('%s says nothing about parameters', (_what, decision) => {
    expect(observed(decision)).toBeNull();
  });

  it('never holds prompts, texts, files, secrets, lists or free text, but that something was changed', () => {
    const after = { ...SHOWN, prompt: 'me', negative_prompt: 'you', image: 'https://example.org/b.png', voice: 'Ann Smith', api_token: 'b', sizes: [3] };
    expect(changes(edited(after))).toEqual([]);
    expect(observed(edited(after))?.changed).toBe(true);
  });

  it('holds text only from the model\'s own choices, whatever is on the card', () => {
    const json: fc.Arbitrary<Json> = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 2 }));
    const property = fc.record({ 'x-role': fc.constantFrom('option', 'prompt', 'text', 'file'), enum: fc.array(fc.string(), { maxLength: 3 }), writeOnly: fc.boolean(), default: json }, { requiredKeys: [] });
    fc.assert(fc.property(fc.dictionary(fc.string(), property), fc.dictionary(fc.string(), json), fc.dictionary(fc.string(), json), (properties, input, after) => {
      for (const { field, before, after: now } of observed(edited(after as JsonObject), properties as JsonObject, input as JsonObject)?.fields ?? []) {
        const { 'x-role': role, enum: choices = [], writeOnly } = properties[field] ?? {};
        expect([role, writeOnly === true]).toEqual(['option', false]);
        for (const value of [before, now]) if (typeof value === 'string') expect(choices).toContain(value);
        for (const value of [before, now]) expect(typeof value === 'object' && value !== null).toBe(false);
      }
    }));
  });

  it('is bounded', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, option({ default: n })]));
    expect(observed({ action: 'approve' }, many)?.fields).toHaveLength(MAX_REMEMBERED_FIELDS);
    expect(observed({ action: 'approve' }, { mode: option({ enum: ['x'.repeat(300)], default: 'x'.repeat(300) }) })?.fields).toEqual([]);
  });
});

describe('the consequence of a decision about a payload', () => {
  const approval = anApproval({ schema: { type: 'object', properties: PROPERTIES } });
  const run = aRun('awaiting_human', { standing: { approvalId: approval.approvalId, checkpoint: 'payload_suggestion' } });
  it.each([
    ['approve', {}, true], ['edit', { ...edited({ steps: 4 }) }, true], ['respond', { message: 'x', edits: { steps: 4 } }, true], ['reject', { reason: 'no' }, false],
  ] as const)('%s: is remembered with the move: %s', (action, more, isKept) => {
    const event = payloadSuggestion.consequence(run, approval, aDecision({ ...more, action }));
    const answer = transition(run, event, '2026-11-22T12:11:00.000Z');
    if (!answer.ok) throw new Error(answer.refusal.detail);
    expect(answer.transition.effects.filter(({ kind }) => kind === 'observe')).toHaveLength(isKept ? 1 : 0);
  });

  it('shows habits on the card, and nothing where there are none', () => {
    const habit = { memory_id: 'm', field: 'steps', before: 28, after: 4, alike: 3, of: 3, evidence: 'last 3 of 3: steps 28 → 4', state: 'proposed' as const, not_applied: null };
    const contextOf = (over: object) => payloadSuggestion.question({ run, reason: 'r', preparation: aPreparation(over), schema: {}, context: {} }).context;
    expect(contextOf({ habits: [habit] }).habits).toEqual([habit]);
    expect(contextOf({})).not.toHaveProperty('habits');
  });
});
