import { DataEnv, DatabaseEnv, envOf, FetchEnv, HttpEnv, LimitsEnv, LogEnv, PricesEnv, RedisEnv, ReplicateEnv, RulesEnv, WebsocketEnv } from '@countersign/service-kit';

/** Everything the gateway takes from its environment; also the DI token for these values. */
export class GatewayEnv extends envOf(DatabaseEnv, RedisEnv, LogEnv, DataEnv, HttpEnv, LimitsEnv, WebsocketEnv, ReplicateEnv, FetchEnv, PricesEnv, RulesEnv) {}

/** How this gateway is reached from outside, without a slash at the end. */
export function publicUrlOf(env: Pick<GatewayEnv, 'PUBLIC_URL' | 'HOST' | 'PORT'>): string {
  return (env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`).replace(/\/+$/, '');
}
