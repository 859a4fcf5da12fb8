import { AnthropicEnv, DatabaseEnv, DataEnv, envOf, FetchEnv, HealthEnv, HttpUrl, LaunchEnv, LogEnv, OpenAiEnv, Optional, PricesEnv, RedisEnv, ReplicateEnv } from '@countersign/service-kit';

class CallbackEnv {
  /** How the gateway is reached from outside; unset: jobs are followed by polling only. */
  @Optional() @HttpUrl() PUBLIC_URL?: string;
}

/** The only app that is given provider keys. */
export class ExecutorEnv extends envOf(DatabaseEnv, RedisEnv, LogEnv, DataEnv, HealthEnv, ReplicateEnv, OpenAiEnv, AnthropicEnv, PricesEnv, LaunchEnv, FetchEnv, CallbackEnv) {}
