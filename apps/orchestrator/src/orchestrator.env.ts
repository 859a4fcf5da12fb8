import { DatabaseEnv, DataEnv, envOf, FetchEnv, HealthEnv, LogEnv, PricesEnv, RedisEnv, RulesEnv } from '@countersign/service-kit';

export class OrchestratorEnv extends envOf(DatabaseEnv, RedisEnv, LogEnv, DataEnv, HealthEnv, FetchEnv, PricesEnv, RulesEnv) {}
