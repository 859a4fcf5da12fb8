import { DEFAULT_CONFIG, payloadGate, type Form, type HitlConfig, type JsonObject, type Preparation, type ValidationRequest } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { inferForm } from '../form/infer-form';
import { requestOf } from '../testing/request-of';
import { schemaOf } from '../testing/schemas';
import { prepare } from './prepare';

const DREAM = formFromOpenApi(schemaOf('acme/dream-xl'));
const CALM = 'a lighthouse at dusk, oil on canvas';

function prepared(request: Partial<ValidationRequest>, form: Form = DREAM): Preparation {
  return prepare({ form, request: requestOf({ prompt: CALM, ...request }), provider: form.provider, model: form.model, sha256: (text) => text.slice(0, 64), estimate: () => null });
}

function gate(preparation: Preparation, over: Partial<HitlConfig> = {}): ReturnType<typeof payloadGate> {
  return payloadGate({ ...DEFAULT_CONFIG, policy: 'auto_with_thresholds', ...over }, preparation);
}

/** As many repairs as are wanted, each certain. */
const REPAIRS: JsonObject = { seed: '7', num_outputs: '2', num_inference_steps: '30', guidance_scale: '4.5', go_fast: 'false', output_format: 'PNG' };
const DREAM_SEEDED = formFromOpenApi({ ...schemaOf('acme/dream-xl'), schema: withSeed() });
function withSeed(): JsonObject {
  const schema = JSON.parse(JSON.stringify(schemaOf('acme/dream-xl').schema)) as { components: { schemas: { Input: { properties: JsonObject } } } };
  schema.components.schemas.Input.properties.seed = { type: 'integer' };
  return schema as unknown as JsonObject;
}
const repaired = (count: number): Preparation => prepared({ parameters: Object.fromEntries(Object.entries(REPAIRS).slice(0, count)) }, DREAM_SEEDED);

describe('confidence, from facts, at its threshold', () => {
  it('is full when every value was given and fits', () => {
    expect(prepared({ parameters: { num_outputs: 2 } }).confidence).toEqual({ score: 1, reasons: ['every value was given explicitly and fits'] });
    expect(gate(prepared({}), { autoApproveConfidenceThreshold: 1 }).ask).toBe(false);
  });

  it.each([[0, 1], [1, 0.96], [2, 0.92], [3, 0.88], [5, 0.8]])('%d repairs make it %d: it passes there and asks a hair above', (count, score) => {
    const preparation = repaired(count);
    expect([preparation.fixes.length, preparation.confidence.score]).toEqual([count, score]);
    expect(gate(preparation, { autoApproveConfidenceThreshold: score }).ask).toBe(false);
    expect(gate(preparation, { autoApproveConfidenceThreshold: Math.min(1, score + 0.001) }).ask).toBe(score < 1);
  });

  it('lets two repairs through by default, and asks for three with the reason', () => {
    expect(gate(repaired(2)).ask).toBe(false);
    expect(gate(repaired(3))).toEqual({ ask: true, reason: 'confidence 0.88 is below 0.9: 3 values were repaired' });
  });

  it('asks when a form was guessed, and says so', () => {
    const form = inferForm({ prompt: 'sample', steps: 4 }, { provider: 'p', model: 'a/b', version: '?', digest: '0' });
    const { ask, reason } = gate(prepared({}, form));
    expect([ask, reason]).toEqual([true, expect.stringContaining('guessed')]);
  });

  it('is nothing for a request that cannot run', () => {
    expect(prepared({ parameters: { num_outputs: 9 } }).confidence.score).toBe(0);
  });
});

describe('max_payload_changes counts the real repairs', () => {
  it.each([[5, 5, false], [5, 6, true], [6, 6, false], [0, 0, false], [0, 1, true], [2, 3, true]])('at %d, %d repairs ask: %s', (maxPayloadChanges, count, asks) => {
    const answer = gate(repaired(count), { maxPayloadChanges, autoApproveConfidenceThreshold: 0 });
    expect(answer).toEqual(asks ? { ask: true, reason: `${count} fixes, more than ${maxPayloadChanges}` } : { ask: false, reason: 'policy:auto_with_thresholds' });
  });
});

describe('flags of a payload', () => {
  it('tells what a prompt holds, by field and score, never the value', () => {
    const preparation = prepared({ prompt: 'A card for jane.doe@example.com, phone +1 415 555 2671', parameters: { negative_prompt: 'no IP 203.0.113.7' } });
    expect(preparation.flags).toEqual([
      { flag: 'pii', score: 0.95, why: 'prompt holds an e-mail address (j•••@•••.com)' },
      { flag: 'pii', score: 0.9, why: 'prompt holds a phone number (•••71)' },
      { flag: 'pii', score: 0.6, why: 'negative_prompt holds an IP address (•••.7)' },
    ]);
    expect(gate(preparation)).toEqual({ ask: true, reason: 'flagged: pii' });
    expect(gate(preparation, { requireApprovalSafetyFlags: ['nsfw'] }).ask).toBe(false);
    expect(gate(preparation, { policy: 'auto' }).ask).toBe(false);
  });

  it('finds nothing in numbers, choices, addresses of files and what is not sent', () => {
    expect(prepared({ parameters: { width: 1024, num_outputs: 2 } }).flags).toEqual([]);
    const upscaler = formFromOpenApi(schemaOf('acme/bigger-upscaler'));
    expect(prepared({ prompt: '', parameters: { image: 'https://example.org/jane@example.org.png' } }, upscaler).flags).toEqual([]);
    expect(prepared({ conversation: [{ role: 'user', content: 'I am jane@example.org' }] }).flags).toEqual([]);
    expect(gate(prepared({}))).toEqual({ ask: false, reason: 'policy:auto_with_thresholds' });
  });
});
