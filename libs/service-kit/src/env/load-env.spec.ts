import { scrub } from '../log/scrub';
import { Optional, Secret, Text, WholeNumber } from './env-fields';
import { DatabaseEnv, FetchEnv, HealthEnv, HttpEnv, LogEnv, RedisEnv, WebsocketEnv, isLoopback } from './env-groups';
import { envOf } from './env-of';
import { EnvError, loadEnv, type EnvSource } from './load-env';

class SampleEnv extends envOf(DatabaseEnv, RedisEnv, LogEnv, HttpEnv, FetchEnv) {
  @WholeNumber(1, 10) SAMPLE_SIZE = 4;
  @Secret() @Optional() @Text() SAMPLE_SECRET?: string;
}

const SERVERS = { DATABASE_URL: 'postgres://u:p@db/app', REDIS_URL: 'redis://cache:6379' };

function problemsOf(source: EnvSource): readonly string[] {
  try {
    loadEnv(SampleEnv, source);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.problems;
    throw error;
  }
}

describe('loadEnv', () => {
  it('reads every group and the own fields, with defaults and numbers as numbers', () => {
    const env = loadEnv(SampleEnv, { ...SERVERS, PORT: '8080', FETCH_ALLOW_HOSTS: ' a.example , ,b.example' });
    expect(env).toMatchObject({ ...SERVERS, PORT: 8080, HOST: '127.0.0.1', LOG_LEVEL: 'info', SAMPLE_SIZE: 4, FETCH_ALLOW_HOSTS: ['a.example', 'b.example'] });
    expect(env).toBeInstanceOf(SampleEnv);
  });

  it('takes nothing that is not declared', () => {
    expect(Object.keys(loadEnv(LogEnv, { LOG_LEVEL: 'debug', HOME: '/somewhere' }))).toEqual(['LOG_LEVEL']);
  });

  it('takes an empty value for an absent one', () => {
    expect(loadEnv(HttpEnv, { PORT: '', PUBLIC_URL: '  ' })).toMatchObject({ PORT: 3000 });
  });

  it('lists every bad name at once and prints no value', () => {
    const source = { DATABASE_URL: 'mysql://root:hunter2@db', PORT: 'eighty', SAMPLE_SIZE: '11', LOG_LEVEL: 'loud' };
    expect(problemsOf(source)).toEqual([
      'DATABASE_URL must be a postgres:// address',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      'PORT must be a whole number from 0 to 65535',
      'REDIS_URL is missing: it must be a redis://, rediss:// or redis+cluster:// address',
      'SAMPLE_SIZE must be a whole number from 1 to 10',
    ]);
    const { message } = new EnvError(problemsOf(source));
    for (const value of ['hunter2', 'eighty', 'loud']) expect(message).not.toContain(value);
  });

  it.each(['1.5', '1e400', 'NaN', '-1', '99999'])('refuses the port %s', (PORT) => {
    expect(problemsOf({ ...SERVERS, PORT })).toEqual(['PORT must be a whole number from 0 to 65535']);
  });

  it('refuses to listen beyond this machine without keys', () => {
    expect(problemsOf({ ...SERVERS, HOST: '0.0.0.0' })).toEqual([expect.stringContaining('HOST must be a loopback address')]);
    expect(problemsOf({ ...SERVERS, HOST: '0.0.0.0', AUTH_MODE: 'api_key' })).toEqual([]);
  });

  it.each([['true', true], ['0', false], ['ON', true], ['no', false]])('reads the flag %s', (text, flag) => {
    expect(loadEnv(HealthEnv, { PROCESS_METRICS: text }).PROCESS_METRICS).toBe(flag);
  });

  it('refuses a flag that is neither', () => {
    expect(() => loadEnv(HealthEnv, { PROCESS_METRICS: 'perhaps' })).toThrow('PROCESS_METRICS must be true or false');
  });

  it('tells the logger which values are secret', () => {
    loadEnv(WebsocketEnv, { WEBSOCKET_API_KEY: 'wsk-very-private-value' });
    expect(scrub('called with wsk-very-private-value')).toBe('called with [redacted]');
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1', '[::1]'])('%s is', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['0.0.0.0', '::', '10.0.0.1', 'localhost.evil.example', '127.0.0.1.evil.example'])('%s is not', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
