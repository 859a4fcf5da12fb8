import { DatabaseEnv, DataEnv, envOf, FetchEnv, HealthEnv, HttpUrl, LanguageModelEnv, LaunchEnv, LogEnv, Optional, PictureCheckEnv, PricesEnv, RedisEnv, ReplicateEnv } from '@countersign/service-kit';

class CallbackEnv {
  /** How the gateway is reached from outside; unset: jobs are followed by polling only. */
  @Optional() @HttpUrl() PUBLIC_URL?: string;
}

/** The only app that is given keys of providers and of language models. */
export class ExecutorEnv extends envOf(DatabaseEnv, RedisEnv, LogEnv, DataEnv, HealthEnv, ReplicateEnv, LanguageModelEnv, PricesEnv, LaunchEnv, FetchEnv, PictureCheckEnv, CallbackEnv) {}
