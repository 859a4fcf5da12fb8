import fc from 'fast-check';
import type { Json } from '../json';
import { aPayload, aPreparation, anApproval } from '../testing/factories';
import { HIDDEN, hideSecrets, secretsOfApproval, secretsOfRun, withoutHidden } from './secrets';

const TOKEN = 'hf_abcdefghij';
const NEW_TOKEN = 'hf_zyxwvutsrq';

describe('hideSecrets', () => {
  it('hides a value wherever it turns up, whole or inside other words', () => {
    const view = { a: TOKEN, b: [`sent with ${TOKEN}!`, { c: TOKEN }], d: 4, e: null, f: true };
    expect(hideSecrets(view, [TOKEN])).toEqual({ a: HIDDEN, b: [`sent with ${HIDDEN}!`, { c: HIDDEN }], d: 4, e: null, f: true });
  });

  it('leaves the very same object where there is nothing to hide, and hides a short value only by itself', () => {
    const view = { a: 'abc', b: 'abcdef' };
    expect(hideSecrets(view, [])).toBe(view);
    expect(hideSecrets(view, ['abc'])).toEqual({ a: HIDDEN, b: 'abcdef' });
  });

  it('hides the longer of two secrets whole', () => {
    expect(hideSecrets({ a: `${TOKEN}-more` }, [TOKEN, `${TOKEN}-more`])).toEqual({ a: HIDDEN });
  });

  it('never lets a long enough value through, whatever the view', () => {
    const leaf = fc.oneof(fc.constant(TOKEN), fc.string().map((text) => `${text}${TOKEN}${text}`), fc.string(), fc.integer(), fc.constant(null));
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({ tree: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))) }));
    fc.assert(fc.property(tree, (view) => !JSON.stringify(hideSecrets(view, [TOKEN])).includes(TOKEN)));
  });
});

describe('what is secret', () => {
  const run = { originalInput: {}, edits: {}, preparation: null };

  it('of a run: the fields its form marks, in the request, the edits and the payload', () => {
    const preparation = { ...aPreparation(), payload: aPayload({ input: { lora: NEW_TOKEN, prompt: 'x' } }), secretFields: ['lora'] };
    expect(secretsOfRun({ originalInput: { parameters: { lora: TOKEN, seed: 1 } }, edits: { lora: NEW_TOKEN }, preparation }).sort()).toEqual([TOKEN, NEW_TOKEN, NEW_TOKEN].sort());
  });

  it.each(['hf_token', 'openai_api_key', 'API_KEY', 'replicate_api_token', 'password', 'client_secret', 'session_cookie', 'access_token'])('of a run whose form is not known: %s', (name) => {
    expect(secretsOfRun({ ...run, originalInput: { parameters: { [name]: TOKEN } } })).toEqual([TOKEN]);
  });

  it.each(['max_tokens', 'token', 'trigger_token', 'prompt', 'keyframes', 'cookie_recipe'])('not %s', (name) => {
    expect(secretsOfRun({ ...run, originalInput: { parameters: { [name]: TOKEN } } })).toEqual([]);
  });

  it('of an approval: what its schema marks write-only, as shown and as edited', () => {
    const schema = { type: 'object', properties: { lora: { type: 'string', writeOnly: true }, prompt: { type: 'string' } } };
    const approval = { ...anApproval({ payload: aPayload({ input: { lora: TOKEN, prompt: 'x' } }) }), schema };
    expect(secretsOfApproval(approval)).toEqual([TOKEN]);
    expect(secretsOfApproval({ ...approval, schema: {} })).toEqual([]);
  });

  it('sent back hidden, is no edit', () => {
    expect(withoutHidden({ lora: HIDDEN, prompt: 'y' })).toEqual({ prompt: 'y' });
  });
});
