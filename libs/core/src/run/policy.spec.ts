import { aBlockedPreparation, aConfig, anOutput, aPreparation } from '../testing/factories';
import type { HitlConfig } from './config';
import { failureGate, payloadGate, responseGate, validationGate } from './policy';
import { POLICIES, type Step } from './words';

const FIX = { field: 'size', before: '1', after: 1, rule: 'coerce' };
const fixes = (count: number) => Array.from({ length: count }, () => FIX);
const thresholds = (over: Partial<HitlConfig> = {}) => aConfig({ policy: 'auto_with_thresholds', ...over });
const scored = (score: number) => aPreparation({ confidence: { score, reasons: ['2 guesses'] } });

describe('validationGate', () => {
  it('asks when something blocks, and when there is no payload', () => {
    expect(validationGate(aBlockedPreparation())).toEqual({ ask: true, reason: '1 blocking problem' });
    expect(validationGate(aPreparation({ payload: null, payloadHash: null }))).toMatchObject({ ask: true });
    expect(validationGate(aPreparation())).toMatchObject({ ask: false });
  });
});

describe('payloadGate', () => {
  const LISTS: [Step[], boolean][] = [[[], true], [['payload_review'], true], [['response_review'], false], [['response_review', 'payload_review'], true]];
  it.each(LISTS)('under require_human with allowed_steps %j asks: %s', (allowedSteps, asks) => {
    expect(payloadGate(aConfig({ policy: 'require_human', allowedSteps }), aPreparation()).ask).toBe(asks);
  });

  it.each([[0.9, 0.9, false], [0.9, 0.8999, true], [0.9, 0.9001, false], [0, 0, false], [1, 0.999, true], [1, 1, false]])(
    'under auto_with_thresholds at threshold %d a confidence of %d asks: %s', (autoApproveConfidenceThreshold, score, asks) => {
      expect(payloadGate(thresholds({ autoApproveConfidenceThreshold }), scored(score)).ask).toBe(asks);
    },
  );

  it.each([[5, 5, false], [5, 6, true], [5, 4, false], [0, 0, false], [0, 1, true]])('with max_payload_changes %d, %d fixes ask: %s', (maxPayloadChanges, count, asks) => {
    expect(payloadGate(thresholds({ maxPayloadChanges }), aPreparation({ fixes: fixes(count) })).ask).toBe(asks);
  });

  it('under auto_with_thresholds does not ask at a step that is not listed', () => {
    expect(payloadGate(thresholds({ allowedSteps: ['response_review'] }), scored(0)).ask).toBe(false);
    expect(payloadGate(thresholds({ allowedSteps: ['payload_review'] }), scored(0)).ask).toBe(true);
  });

  it('under auto never asks', () => {
    expect(payloadGate(aConfig(), { ...scored(0), fixes: fixes(50) })).toEqual({ ask: false, reason: 'policy:auto' });
  });

  it('asks for listed safety flags only, also in rows from before they were looked for', () => {
    const flagged = aPreparation({ flags: [{ flag: 'pii', score: 0.9, why: 'prompt holds an e-mail address' }, { flag: 'pii', score: 0.6, why: 'prompt holds an IP address' }] });
    expect(payloadGate(thresholds(), flagged)).toEqual({ ask: true, reason: 'flagged: pii' });
    expect(payloadGate(thresholds({ requireApprovalSafetyFlags: ['nsfw'] }), flagged).ask).toBe(false);
    expect(payloadGate(thresholds({ requireApprovalSafetyFlags: [] }), flagged).ask).toBe(false);
    expect(payloadGate(thresholds({ allowedSteps: ['response_review'] }), flagged).ask).toBe(false);
    expect(payloadGate(aConfig(), flagged)).toEqual({ ask: false, reason: 'policy:auto' });
    expect(payloadGate(aConfig({ policy: 'require_human' }), flagged).reason).toBe('policy:require_human');
    expect(aPreparation().flags).toBeUndefined();
    expect(payloadGate(thresholds(), aPreparation()).ask).toBe(false);
  });

  it('names every threshold that is crossed', () => {
    const doubtful = { ...scored(0.5), fixes: fixes(6), flags: [{ flag: 'pii', score: 0.9, why: 'seen' }] };
    expect(payloadGate(thresholds(), doubtful).reason).toBe('flagged: pii; confidence 0.50 is below 0.9: 2 guesses; 6 fixes, more than 5');
  });

  it('gives the facts behind a low score', () => {
    expect(payloadGate(thresholds(), scored(0.5)).reason).toBe('confidence 0.50 is below 0.9: 2 guesses');
  });

  it('names the policy as the one who consents, in one word', () => {
    for (const policy of POLICIES) expect(payloadGate(aConfig({ policy, allowedSteps: ['created'] }), aPreparation()).reason).toMatch(/^policy:[a-z_]+/);
  });
});

describe('responseGate', () => {
  it.each(POLICIES)('under %s doubts about the answer ask, listed or not', (policy) => {
    expect(responseGate(aConfig({ policy, allowedSteps: ['payload_review'] }), anOutput({ doubts: ['it is empty'] }))).toEqual({ ask: true, reason: 'it is empty' });
  });

  const LISTS: [Step[], boolean][] = [[[], true], [['response_review'], true], [['payload_review'], false]];
  it.each(LISTS)('under require_human with allowed_steps %j asks: %s', (allowedSteps, asks) => {
    expect(responseGate(aConfig({ policy: 'require_human', allowedSteps }), anOutput()).ask).toBe(asks);
  });

  it.each([[0.7, 0.7, false], [0.7, 0.6999, true], [0.7, 0.71, false], [0.7, null, false], [0, 0, false]])(
    'at response_quality_min %d a quality of %s asks: %s', (responseQualityMin, quality, asks) => {
      expect(responseGate(thresholds({ reviewThresholds: { responseQualityMin } }), anOutput({ quality })).ask).toBe(asks);
    },
  );

  it('asks for listed safety flags only', () => {
    const flagged = (flag: string) => anOutput({ flags: [{ flag, score: 0.4, why: 'seen' }] });
    expect(responseGate(thresholds(), flagged('nsfw'))).toEqual({ ask: true, reason: 'flagged: nsfw' });
    expect(responseGate(thresholds(), flagged('ugly')).ask).toBe(false);
    expect(responseGate(thresholds({ requireApprovalSafetyFlags: [] }), flagged('nsfw')).ask).toBe(false);
    expect(responseGate(aConfig(), flagged('nsfw')).ask).toBe(false);
    expect(responseGate(thresholds({ allowedSteps: ['payload_review'] }), flagged('nsfw')).ask).toBe(false);
  });
});

describe('failureGate', () => {
  it.each([['auto', false], ['require_human', true], ['auto_with_thresholds', true]] as const)('under %s asks: %s', (policy, asks) => {
    expect(failureGate(aConfig({ policy })).ask).toBe(asks);
  });
});
