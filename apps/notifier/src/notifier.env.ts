import { DatabaseEnv, DataEnv, envOf, HealthEnv, HttpEnv, LogEnv, RedisEnv, WebsocketEnv } from '@countersign/service-kit';

/** HOST, PORT and PUBLIC_URL are the gateway's: addresses of results in notices lead there. */
export class NotifierEnv extends envOf(DatabaseEnv, RedisEnv, LogEnv, DataEnv, HttpEnv, WebsocketEnv, HealthEnv) {}

/** How the gateway is reached from outside, without a slash at the end. */
export function publicUrlOf(env: Pick<NotifierEnv, 'PUBLIC_URL' | 'HOST' | 'PORT'>): string {
  return (env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`).replace(/\/+$/, '');
}
