import { BudgetStore, FormStore, LiveState, Outbox } from '@countersign/core';
import { CachedFormStore, poolOf, PostgresFormStore, RedisLiveState, storeProviders } from '@countersign/persistence';
import { createProviders, Estimates, parsePrices, ProviderRegistry } from '@countersign/providers';
import { Doorbells, Publisher } from '@countersign/queues';
import { Health, newId, openRedis, readDataFile, sha256Hex, type Logger, type RedisConnection } from '@countersign/service-kit';
import { OperatorRules, parseFamilies } from '@countersign/validator';
import { Module, type DynamicModule, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { GatewayEnv } from './gateway.env';
import { GatewayLog } from './http/gateway-log';

/** What the process gives the gateway; tests give their own. */
export interface GatewaySettings {
  env: GatewayEnv;
  logger: Logger;
  health: Health;
  /** Key prefixes; the house's own when absent. */
  queuePrefix?: string;
  livePrefix?: string;
}

/** Longest pause between attempts to reach Redis again, ms. */
const RECONNECT_LONGEST_MS = 2_000;
/** Redis answers in well under a millisecond; what it is asked here can be had from Postgres too, ms. */
const COMMAND_TIMEOUT_MS = 1_000;
/** A start goes on without Redis after this, ms: doorbells then wait in the outbox. */
const REDIS_START_MS = 5_000;

export class PostgresPool {
  constructor(readonly pool: Pool) {}
}

/** The ports of the core, bound to Postgres and Redis, and everything else that the process has once. */
@Module({})
export class GatewayPortsModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly redis: Redis,
    private readonly live: LiveState,
    private readonly publisher: Publisher,
    private readonly doorbells: Doorbells,
  ) {}

  static with(settings: GatewaySettings): DynamicModule {
    const providers = [...ofProcess(settings), ...ofPostgres(settings.env), ...ofRedis(settings)];
    return { module: GatewayPortsModule, global: true, providers, exports: providers };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.doorbells.settle();
    await this.publisher.close();
    if (this.live instanceof RedisLiveState) this.live.close();
    this.redis.disconnect();
    await this.dataSource.destroy();
  }
}

function ofProcess({ env, logger, health }: GatewaySettings): Provider[] {
  return [
    { provide: GatewayEnv, useValue: env },
    { provide: GatewayLog, useValue: new GatewayLog(logger) },
    { provide: Health, useValue: health },
    { provide: ProviderRegistry, useFactory: () => providersOf(env) },
    { provide: OperatorRules, useFactory: () => new OperatorRules(readDataFile('MODEL_RULES_FILE', env.MODEL_RULES_FILE, parseFamilies) ?? []) },
    { provide: Estimates, useFactory: (registry: ProviderRegistry, budgets: BudgetStore) => new Estimates(registry, budgets), inject: [ProviderRegistry, BudgetStore] },
  ];
}

/** Asked pure questions only: no key to launch with, and the forms come by way of the executor. */
function providersOf({ REPLICATE_BASE_URL: baseUrl, REPLICATE_WEBHOOK_SECRET: secret, MODEL_PRICES_FILE: pricesFile }: GatewayEnv): ProviderRegistry {
  const buildForm = (): never => {
    throw new Error('the gateway reads no schemas');
  };
  const prices = readDataFile('MODEL_PRICES_FILE', pricesFile, parsePrices);
  return createProviders({ replicate: { apiToken: null, baseUrl, webhookSecret: secret ?? null, buildForm }, prices });
}

function ofPostgres({ DATABASE_URL: url, DATABASE_POOL_SIZE: poolSize }: GatewayEnv): Provider[] {
  return [
    ...storeProviders({ url, poolSize, applicationName: 'gateway', sha256: sha256Hex, newId }),
    { provide: PostgresPool, useFactory: (source: DataSource) => new PostgresPool(poolOf(source)), inject: [DataSource] },
  ];
}

function ofRedis({ env, logger, queuePrefix, livePrefix }: GatewaySettings): Provider[] {
  return [
    { provide: Redis, useFactory: () => connect(env.REDIS_URL) },
    { provide: LiveState, useFactory: (redis: Redis) => new RedisLiveState(redis, livePrefix), inject: [Redis] },
    {
      provide: FormStore,
      useFactory: (source: DataSource, redis: Redis, rules: OperatorRules) => new CachedFormStore(new PostgresFormStore(source), redis, { dress: (form) => rules.apply(form) }),
      inject: [DataSource, Redis, OperatorRules],
    },
    {
      provide: Publisher,
      useFactory: async () => {
        const publisher = new Publisher({ redisUrl: env.REDIS_URL, ...(queuePrefix !== undefined && { prefix: queuePrefix }) });
        await inTime(publisher.queue('orchestrator').waitUntilReady());
        return publisher;
      },
    },
    {
      provide: Doorbells,
      useFactory: (publisher: Publisher, outbox: Outbox) =>
        new Doorbells(publisher, outbox, (error) => logger.warn({ err: error }, 'a doorbell waits in the outbox')),
      inject: [Publisher, Outbox],
    },
  ];
}

/** While Redis is away the gateway answers from Postgres at once. Only watching waits: it is set up again by itself. */
async function connect(url: string): Promise<RedisConnection> {
  const options = {
    maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS, retryStrategy: (times: number) => Math.min(times * 100, RECONNECT_LONGEST_MS),
  };
  const redis = Object.assign(openRedis(url, { ...options, enableOfflineQueue: false }), { duplicate: () => openRedis(url, options) });
  await inTime(new Promise<void>((resolve) => void redis.once('ready', () => resolve())));
  return redis;
}

async function inTime(ready: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, REDIS_START_MS);
  });
  await Promise.race([ready.catch(() => undefined), late]);
  clearTimeout(timer);
}
