import type { JsonObject } from '@countersign/core';
import { OutputSchema } from './output-schema';
import { isRemoved, jobIdOf, jobState } from './prediction-state';

const CHUNKS = OutputSchema.of({ components: { schemas: { Output: { type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator', 'x-cog-array-display': 'concatenate' } } } });
const read = (prediction: JsonObject, schema = OutputSchema.of(null)) => jobState(prediction, schema, () => true);
const metrics = { predict_time: 1.5, total_time: 2.5 };

describe('jobState', () => {
  it.each<[JsonObject, unknown]>([
    [{ status: 'starting' }, { status: 'starting', progress: null }],
    [{ status: 'processing', logs: null }, { status: 'processing', progress: null }],
    [{ status: 'processing', logs: 'x\n 50%|█████     | 2/4 [00:01<00:01]\n' }, { status: 'processing', progress: { percent: 50, message: '50%|█████     | 2/4 [00:01<00:01]' } }],
    [{ status: 'succeeded', output: 'https://a/b.png', metrics }, { status: 'succeeded', metrics: { computeSeconds: 1.5, totalSeconds: 2.5 }, output: { doubts: [] } }],
    [{ status: 'succeeded' }, { status: 'succeeded', metrics: { computeSeconds: null, totalSeconds: null }, output: { raw: null, parts: [], doubts: [expect.any(String)] } }],
    [{ status: 'canceled', logs: null, metrics: { predict_time: 3e-6, total_time: 0.136 } }, { status: 'cancelled', metrics: { computeSeconds: 3e-6, totalSeconds: 0.136 } }],
    [{ status: 'canceled', deadline: '2026-01-01T00:00:10Z', completed_at: '2026-01-01T00:00:10.2Z' }, { status: 'cancelled', detail: expect.stringContaining('deadline') }],
    [{ status: 'aborted', completed_at: '2026-01-01T00:00:10Z' }, { status: 'aborted', detail: 'ended before it ran' }],
    [{ status: 'dreaming' }, { status: 'processing', progress: { percent: null, message: 'status "dreaming", unknown here' } }],
    [{ status: 'vanished', completed_at: '2026-01-01T00:00:10Z' }, { status: 'failed', reason: 'provider_error' }],
  ])('%j', (prediction, state) => {
    expect(read(prediction)).toMatchObject(state as object);
  });

  it.each([
    ['The input or output was flagged as sensitive. Please try again with different inputs. (E005)', 'moderated'],
    ['NSFW content detected. Try running it again, or try a different prompt.', 'moderated'],
    ['CUDA out of memory. Tried to allocate 2.00 GiB', 'out_of_memory'],
    ['E1001: out of memory', 'out_of_memory'],
    ['Prediction timed out', 'timed_out'],
    ['E1000: unknown error', 'provider_error'],
    ['cannot identify image file', 'model_error'],
  ])('failed with "%s" is %s', (error, reason) => {
    expect(read({ status: 'failed', error })).toMatchObject({ status: 'failed', reason, detail: error, message: expect.stringMatching(/^The /) });
  });

  it('reads an error that is no text', () => {
    expect(read({ status: 'failed', error: { code: 7 } })).toMatchObject({ detail: '{"code":7}' });
    expect(read({ status: 'failed', error: null })).toMatchObject({ detail: 'no reason given' });
  });

  it('shows the text made so far', () => {
    expect(read({ status: 'processing', logs: '', output: ['Hel', 'lo'] }, CHUNKS)).toMatchObject({ progress: { textSoFar: 'Hello' } });
  });
});

it('knows a removed result from a run without one', () => {
  expect(isRemoved({ status: 'succeeded', data_removed: true, output: null })).toBe(true);
  expect(isRemoved({ status: 'succeeded', data_removed: false, output: null })).toBe(false);
  expect(isRemoved({ status: 'failed', data_removed: true, output: null })).toBe(false);
});

it('takes only ids that can be a path segment', () => {
  expect(jobIdOf({ id: 'gm3qorzdhgbfurvjtvhg6dckhu' })).toBe('gm3qorzdhgbfurvjtvhg6dckhu');
  for (const id of ['', '../x', 'a b', 7, null]) expect(jobIdOf({ id })).toBeNull();
});
