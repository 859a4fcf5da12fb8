import { ERROR_BODIES } from '../emulator/error-bodies';
import { parseBody } from '../http/refusal';
import { refusalFrom } from './refusals';
import { retryDelayMs } from '../http/retry-delay';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  refusalFrom({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, NOW);

describe('refusalFrom', () => {
  it.each([
    [401, ERROR_BODIES.unauthenticated, 'unauthorized'],
    [403, { detail: 'You do not have permission' }, 'unauthorized'],
    [402, ERROR_BODIES.insufficientCredit, 'payment_required'],
    [404, ERROR_BODIES.notFound, 'model_not_found'],
    [422, ERROR_BODIES.invalidVersion, 'model_not_found'],
    [429, ERROR_BODIES.throttled, 'throttled'],
    [400, ERROR_BODIES.moderated, 'moderated'],
    [413, '<html>Request Entity Too Large</html>', 'invalid_input'],
    [418, '', 'other'],
    [400, 'null', 'other'],
  ] as const)('%s is %s → %s', (status, body, reason) => {
    expect(read(status, body)).toMatchObject({ reason });
  });

  it('keeps account details from the requester', () => {
    const { message, detail } = read(402, ERROR_BODIES.insufficientCredit);
    expect(message).not.toMatch(/credit|billing|http/i);
    expect(detail).toMatch(/insufficient credit/i);
  });

  it('names the fields, also a missing one whose name is only in the words', () => {
    const body = {
      title: 'Input validation failed', detail: '- input: prompt is required\n- input.num_inference_steps: Must be less than or equal to 4\n', status: 422,
      invalid_fields: [
        { type: 'required', field: 'input', description: 'prompt is required' },
        { type: 'number_lte', field: 'input.num_inference_steps', description: 'Must be less than or equal to 4' },
        { type: 'enum', field: 'input.output_format', description: 'output_format must be one of the following: "jpg", "png"' },
        { type: 'enum', field: 'input.duration', description: 'duration must be one of the following: 5, 10' },
        { type: 'format', field: 'input.images.2', description: "Does not match format 'uri'" },
      ],
    };
    expect(read(422, body)).toMatchObject({
      reason: 'invalid_input',
      fields: [
        { field: 'prompt', code: 'required' },
        { field: 'num_inference_steps', code: 'number_lte', message: 'Must be less than or equal to 4' },
        { field: 'output_format', allowed: ['jpg', 'png'] },
        { field: 'duration', allowed: [5, 10] },
        { field: 'images', code: 'format' },
      ],
    });
  });

  it('reads the detail when there is no list', () => {
    const answer = read(422, { detail: '- input: prompt is required\n- input.steps: Must be less than or equal to 4\n', status: 422 });
    expect(answer).toMatchObject({ reason: 'invalid_input', fields: [{ field: 'prompt' }, { field: 'steps' }] });
  });

  it("does not blame the user's fields for our own request", () => {
    const field = { type: 'additional_property_not_allowed', field: '', description: 'Additional property model is not allowed' };
    expect(read(422, { title: 'Input validation failed', invalid_fields: [field] })).toMatchObject({ reason: 'other', fields: [] });
  });
});

describe('retryDelayMs', () => {
  it.each([
    [{ 'retry-after': '7' }, {}, 7_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:20 GMT' }, {}, 20_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:00 GMT' }, {}, 0],
    [{ 'ratelimit-reset': '3' }, { retry_after: 5 }, 5_000],
    [{ 'ratelimit-reset': '3' }, { detail: 'resets in ~30s' }, 3_000],
    [{}, ERROR_BODIES.throttled, 30_000],
    [{}, { detail: 'Request was throttled. Expected available in 1 second.' }, 1_000],
    [{}, { detail: 'Your rate limit resets in 2 minutes' }, 120_000],
    [{}, 'slow down, retry in 500 ms', 500],
    [{ 'retry-after': '999999' }, {}, 3_600_000],
    [{ 'retry-after': 'soon' }, { retry_after: -1 }, null],
    [{}, null, null],
  ])('%j %j → %s', (headers: Record<string, string>, body, delay) => {
    expect(retryDelayMs(headers, parseBody(JSON.stringify(body)), NOW)).toBe(delay);
  });
});
