import type { JsonObject } from '@countersign/core';
import { parsePrices, type UnitPrice } from '../one-call/price-list';
import { createProviders } from '../registry';
import { Estimates } from './estimates';

const prices: UnitPrice[] = parsePrices([
  { model: 'scripted/echo', usd_per_run: 0.01, source: 'contract', date: '2026-11-22' },
  { model: 'black-forest-labs/flux-schnell', usd_per_image: 0.002, source: 'contract', date: '2026-11-22' },
  { model: 'lucataco/remove-bg', usd_per_compute_second: 0.000225, source: 'T4', date: '2026-11-22' },
]);
const buildForm = (): never => { throw new Error('no forms here'); };
const registry = createProviders({ replicate: { apiToken: null, baseUrl: 'https://api.replicate.com/v1', webhookSecret: null, buildForm }, prices });
const payload = (provider: string, model: string, input: JsonObject = {}) => ({ provider, model, version: 'v1', input });
const metrics = { computeSeconds: 2, totalSeconds: 2 };

describe('an operator\'s price', () => {
  it.each<[string, string, JsonObject, { estimate: number | null; cost: number | null; basis: string }]>([
    ['scripted', 'scripted/echo', {}, { estimate: 0.01, cost: 0.01, basis: 'price list: one run (contract, 2026-11-22)' }],
    ['scripted', 'scripted/job', {}, { estimate: 0, cost: 0, basis: 'runs on this machine: free' }],
    ['replicate', 'black-forest-labs/flux-schnell', { num_outputs: 4 }, { estimate: 0.008, cost: 0.008, basis: 'price list: 4 images × $0.002 (contract, 2026-11-22)' }],
    ['replicate', 'black-forest-labs/flux-dev', {}, { estimate: 0.025, cost: 0.025, basis: '1 image × $0.025 (list price of 2026-10-07)' }],
    ['replicate', 'lucataco/remove-bg', {}, { estimate: null, cost: 0.00045, basis: '$0.000225 a second (T4, 2026-11-22); how long it will take is not known yet' }],
    ['replicate', 'lucataco/other', {}, { estimate: null, cost: null, basis: 'no price is known for this model' }],
  ])('of %s %s %j comes before the list', (provider, model, input, { estimate, cost, basis }) => {
    expect(registry.estimate(payload(provider, model, input))).toMatchObject({ amount: estimate, basis });
    expect(registry.cost(payload(provider, model, input), metrics)).toMatchObject({ amount: cost });
  });

  it('is nobody\'s where there is no such provider', () => {
    expect([registry.estimate(payload('nobody', 'a/b')), registry.cost(payload('nobody', 'a/b'), metrics)]).toEqual([null, null]);
  });

  it('that lacks only the time is completed with what was observed, asked for once in a while', async () => {
    const asked: string[] = [];
    const observedTime = async ({ model }: { model: string }) => { asked.push(model); return { seconds: 8, runs: 12 }; };
    const estimates = new Estimates(registry, { observedTime });
    const estimateOf = (provider: string, model: string) => estimates.of(payload(provider, model));
    expect(await estimateOf('replicate', 'lucataco/remove-bg')).toEqual({ amount: 0.0018, currency: 'USD', basis: 'hardware at $0.000225 a second × 8 s, the median of 12 runs' });
    await estimateOf('replicate', 'lucataco/remove-bg');
    await estimateOf('replicate', 'lucataco/other');
    await estimateOf('scripted', 'scripted/echo');
    expect(asked).toEqual(['lucataco/remove-bg']);
  });
});
