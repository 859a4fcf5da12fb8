import { correlationId, withCorrelation } from './correlation';
import { createLogger } from './logger';
import { hideValue } from './scrub';

function capture(): { log: ReturnType<typeof createLogger>; lines: string[] } {
  const lines: string[] = [];
  return { log: createLogger({ service: 'sample', level: 'info', write: (line) => lines.push(line) }), lines };
}

describe('createLogger', () => {
  it('writes one JSON line with service, level and ISO time', () => {
    const { log, lines } = capture();
    log.info({ count: 2 }, 'counted');
    log.debug('not at this level');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      service: 'sample', level: 'info', msg: 'counted', count: 2, time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
    });
  });

  it('adds the correlation id of the work in hand', async () => {
    const { log, lines } = capture();
    await withCorrelation('req-1', async () => {
      await Promise.resolve();
      log.info('inside');
    });
    log.info('outside');
    expect(JSON.parse(lines[0] ?? '')).toHaveProperty('correlation_id', 'req-1');
    expect(JSON.parse(lines[1] ?? '')).not.toHaveProperty('correlation_id');
    expect(correlationId()).toBeUndefined();
    withCorrelation(undefined, () => expect(correlationId()).toMatch(/^[0-9a-f-]{36}$/));
  });

  it.each<[string, object]>([
    ['a Telegram address', { url: 'https://api.telegram.org/file/bot123:s3cret-value/photos/1.jpg' }],
    ['a header', { req: { headers: { authorization: 'Bearer s3cret-value' } } }],
    ['a list of headers', { headers: { 'set-cookie': ['sid=s3cret-value'] } }],
    ['a field at any depth', { a: { b: { c: [{ api_key: 's3cret-value' }] } } }],
    ['a value with quotes in it', { token: 'x"\\"s3cret-value' }],
    ['a database address', { url: 'postgres://app:s3cret-value@db:5432/app' }],
    ['an error that quotes JSON', { err: new Error('answer was {"api_token":"s3cret-value"}') }],
    ['an error that quotes a header', { err: new Error('sent Authorization: Bearer s3cret-value') }],
  ])('blanks out a secret in %s', (_where, fields) => {
    const { log, lines } = capture();
    log.info(fields, 'said');
    expect(lines[0]).toContain('[redacted]');
    expect(lines[0]).not.toContain('s3cret-value');
    expect(() => JSON.parse(lines[0] ?? '') as unknown).not.toThrow();
  });

  it('leaves ordinary words, counts and addresses alone', () => {
    const { log, lines } = capture();
    log.info({ total_tokens: 12, url: 'http://127.0.0.1:3000/x@y', note: 'the token was fine' }, 'said');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ total_tokens: 12, url: 'http://127.0.0.1:3000/x@y', note: 'the token was fine' });
  });

  it('blanks out a value it was told to hide, wherever it turns up', () => {
    hideValue('plain-hidden-value');
    const { log, lines } = capture();
    log.warn('saw plain-hidden-value here');
    expect(JSON.parse(lines[0] ?? '')).toHaveProperty('msg', 'saw [redacted] here');
  });
});
