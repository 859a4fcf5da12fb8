import { DatabaseEnv, HttpEnv, LogEnv, envOf, loadEnv } from '@countersign/service-kit';

class SampleEnv extends envOf(DatabaseEnv, HttpEnv) {
  OWN = 1;
}

const env = loadEnv(SampleEnv);
export const fine: [string, number, number, 'local' | 'api_key'] = [env.DATABASE_URL, env.PORT, env.OWN, env.AUTH_MODE];

// @ts-expect-error a variable of a group that was not asked for
env.LOG_LEVEL;
// @ts-expect-error a number, not text
export const port: string = env.PORT;
// @ts-expect-error a variable that may be absent
export const publicUrl: string = env.PUBLIC_URL;
// @ts-expect-error an instance is no env class
loadEnv(new LogEnv());
