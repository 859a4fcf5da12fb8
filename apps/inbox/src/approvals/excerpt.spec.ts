import { excerptOf } from './excerpt';

type Card = Parameters<typeof excerptOf>[0];
const card = (more: Partial<Card> = {}): Card => ({
  checkpoint_type: 'payload_suggestion', message: 'Ready to proceed.', schema: { properties: { speed: { 'x-role': 'option' }, text: { 'x-role': { kind: 'prompt' } } } },
  payload: { provider: 'local', model: 'local/speak', version: '1', input: { text: 'Good\n  morning', speed: 1 } }, ...more,
});

describe('what tells cards apart', () => {
  it('is the prompt, by its role, in one line', () => {
    expect(excerptOf(card())).toBe('Good morning');
  });

  it('is the question where there is no prompt, and where something is missing', () => {
    expect(excerptOf(card({ payload: null }))).toBe('Ready to proceed.');
    expect(excerptOf(card({ checkpoint_type: 'validation_review', message: 'speed: Give a number.' }))).toBe('speed: Give a number.');
  });

  it('is cut where it is long', () => {
    expect(excerptOf(card({ payload: null, message: 'x'.repeat(500) }))).toHaveLength(121);
  });
});
