import { Flag, Holds, HttpUrl, OneOf, Optional, Port, PostgresUrl, RedisUrl, Secret, SocketUrl, Text, TextList, WholeNumber } from './env-fields';
import { envOf } from './env-of';

/*
 * Every variable of the house, by group. An app takes the groups it needs: `class NotifierEnv extends envOf(DatabaseEnv, …) {}`.
 * `npm start` sets DATABASE_URL and REDIS_URL for its services; a service started alone must be given them.
 */

const MB = 1024 * 1024;
const DAY_SECONDS = 86_400;

const AUTH_MODES = ['local', 'api_key'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i;

/** Whether only this machine can reach a server that listens on `host`. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

export class DatabaseEnv {
  @PostgresUrl() DATABASE_URL!: string;
  /** Connections per process. Four processes of ten stay well under Postgres' default of 100. */
  @WholeNumber(1, 200) DATABASE_POOL_SIZE = 10;
}

export class RedisEnv {
  @RedisUrl() REDIS_URL!: string;
}

export class LogEnv {
  @OneOf(LOG_LEVELS) LOG_LEVEL: LogLevel = 'info';
}

export class DataEnv {
  /** Folder of the artifact store, and of the embedded servers when `npm start` brings them. */
  @Text() DATA_DIR = '.data';
}

export class HttpEnv {
  @Text()
  @Holds<HttpEnv>(
    (env) => env.AUTH_MODE !== 'local' || isLoopback(env.HOST),
    'must be a loopback address while AUTH_MODE is local (set AUTH_MODE=api_key to listen elsewhere)',
  )
  HOST = '127.0.0.1';
  @Port() PORT = 3000;
  /** How this service is reached from outside: call-backs and links. Unset: `http://HOST:PORT`. */
  @Optional() @HttpUrl() PUBLIC_URL?: string;
  @OneOf(AUTH_MODES) AUTH_MODE: AuthMode = 'local';
}

export class LimitsEnv {
  /** Data URLs travel in the body, hence two megabytes. */
  @WholeNumber(1024, 64 * MB) JSON_BODY_LIMIT_BYTES = 2 * MB;
  @WholeNumber(1024, 4096 * MB) UPLOAD_LIMIT_BYTES = 100 * MB;
  /** State-changing calls per principal. */
  @WholeNumber(1, 1_000_000) WRITES_PER_MINUTE = 600;
}

export class WebsocketEnv {
  /** An outside WebSocket server that also gets every event. */
  @Optional() @SocketUrl() WEBSOCKET_URL?: string;
  @Secret() @Optional() @Text() WEBSOCKET_API_KEY?: string;
}

export class ReplicateEnv {
  @Secret() @Optional() @Text() REPLICATE_API_TOKEN?: string;
  @HttpUrl() REPLICATE_BASE_URL = 'https://api.replicate.com/v1';
  @Secret() @Optional() @Text() REPLICATE_WEBHOOK_SECRET?: string;
}

export class OpenAiEnv {
  @Secret() @Optional() @Text() OPENAI_API_KEY?: string;
  /** OpenAI's, or a server that speaks its wire format. */
  @HttpUrl() OPENAI_BASE_URL = 'https://api.openai.com/v1';
}

export class AnthropicEnv {
  @Secret() @Optional() @Text() ANTHROPIC_API_KEY?: string;
  @HttpUrl() ANTHROPIC_BASE_URL = 'https://api.anthropic.com/v1';
}

export class RulesEnv {
  /** A JSON file with the operator's own rules for families of models; see docs/configuration.md. */
  @Optional() @Text() MODEL_RULES_FILE?: string;
}

export class PricesEnv {
  /** A JSON file with the operator's own prices; see docs/configuration.md. */
  @Optional() @Text() MODEL_PRICES_FILE?: string;
}

const LANGUAGE_MODEL_PROVIDERS = ['openai', 'anthropic', 'none'] as const;

/** A language model that words questions and reads answers in words; without a key there is none. */
export class LanguageModelEnv extends envOf(OpenAiEnv, AnthropicEnv) {
  /** Which of the two; unset: the one that has a key, OpenAI when both have one; `none`: neither, also with a key. */
  @Optional() @OneOf(LANGUAGE_MODEL_PROVIDERS) LLM_PROVIDER?: (typeof LANGUAGE_MODEL_PROVIDERS)[number];
  /** Unset: a small and quick one of the provider. */
  @Optional() @Text() LLM_MODEL?: string;
  /** For one call. A person may be waiting for it. */
  @WholeNumber(100, 60_000) LLM_TIMEOUT_MS = 8_000;
  /** A run asks a handful of questions; more is a loop, or somebody who plays. */
  @WholeNumber(0, 1_000) LLM_CALLS_PER_RUN = 10;
  /** Of the whole house, in any 24 hours. */
  @WholeNumber(0, 10_000_000) LLM_CALLS_PER_DAY = 1_000;
  /** Read and written together, of the whole house, in any 24 hours: the cap on what it may cost. */
  @WholeNumber(0, 2_000_000_000) LLM_TOKENS_PER_DAY = 2_000_000;
}

export class LaunchEnv {
  /** How long an unclear launch is looked for before a person is asked. */
  @WholeNumber(1, DAY_SECONDS) LAUNCH_GRACE_SECONDS = 120;
}

const NSFW_CHECKS = ['auto', 'on', 'off'] as const;

export class PictureCheckEnv {
  /** Pictures that come out are looked at. `auto`: where the optional model is installed; `on`: it must be. */
  @OneOf(NSFW_CHECKS) NSFW_CHECK: (typeof NSFW_CHECKS)[number] = 'auto';
}

export class FetchEnv {
  /** Hosts outside the public internet that attachments may be fetched from; empty: none. */
  @TextList() FETCH_ALLOW_HOSTS: string[] = [];
}

export class HealthEnv {
  /** Where a worker answers /health/live, /health/ready and /metrics; unset: nowhere. */
  @Optional() @Port() HEALTH_PORT?: number;
  /** Probes come from outside the container, so an orchestrator of containers sets 0.0.0.0. */
  @Text() HEALTH_HOST = '127.0.0.1';
  /** Node's own figures (event loop, memory) beside ours in /metrics. */
  @Flag() PROCESS_METRICS = true;
}
