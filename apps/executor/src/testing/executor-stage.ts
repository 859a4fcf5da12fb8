import {
  ApprovalStore, ArtifactFiles, ArtifactStore, Clock, CommandStore, FormStore, LaunchStore, LiveState, ModelCalls, Outbox, Overdue, RunStore, type Bell,
  type Launch,
} from '@countersign/core';
import { HandClock, portDoors, type StoreStage } from '@countersign/core/testing';
import { createDataSource, migrate, poolOf, RedisLiveState } from '@countersign/persistence';
import { ProviderRegistry } from '@countersign/providers';
import { Doorbells, Publisher } from '@countersign/queues';
import { createLogger, loadEnv, sha256Hex } from '@countersign/service-kit';
import { freshDatabase, freshRedis, type Door, type FreshRedis } from '@countersign/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { ExecutorEnv } from '../executor.env';
import { ExecutorModule } from '../executor.module';
import { AskModel } from '../language/ask-model';
import { LaunchOnce } from '../launch/launch-once';
import { LookAtLaunch } from '../follow/look-at-launch';
import { ResolveForm } from '../forms/resolve-form';
import { StopJob } from '../follow/stop-job';
import { WatchedProvider } from './watched-provider';

export const GRACE_SECONDS = 60;

/** The jobs of one executor process, called by hand. */
export interface Hands {
  launchOnce: LaunchOnce;
  look: LookAtLaunch;
  stopJob: StopJob;
  resolveForm: ResolveForm;
  askModel: AskModel;
}

export interface ExecutorStage extends StoreStage, Hands {
  clock: HandClock;
  provider: WatchedProvider;
  forms: FormStore;
  calls: ModelCalls;
  artifacts: ArtifactStore;
  files: ArtifactFiles;
  live: LiveState;
  overdue: Overdue;
  publisher: Publisher;
  redis: FreshRedis;
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** One more executor on the same database, with the same provider behind it. */
  another(): Promise<Hands>;
  /** One more that can be made to die: with all doors by which it reaches the world. */
  mortal(): Promise<Hands & { doors: Door[] }>;
  /** The launch of a run's attempt, as it stands in the database. */
  launchOf(runId: string, attempt?: number): Promise<Launch>;
  /** Doorbells rung so far that speak of `id`, with their data. */
  rungFor(id: string): Promise<Pick<Bell, 'job' | 'data'>[]>;
  close(): Promise<void>;
}

/** An executor without its queue, on a database and a Redis of its own. Nothing else runs. */
export async function executorStage(variables: Record<string, string> = {}): Promise<ExecutorStage> {
  const [database, redis, folder] = await Promise.all([freshDatabase({ migrate: migrateAt }), freshRedis(), mkdtemp(join(tmpdir(), 'executor-'))]);
  const clock = new HandClock(new Date().toISOString());
  const provider = new WatchedProvider({ now: () => Date.parse(clock.now()), wait: () => Promise.resolve() });
  const apps: INestApplicationContext[] = [];
  const boot = async (): Promise<INestApplicationContext> => {
    const env = loadEnv(ExecutorEnv, {
      DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_DIR: folder, DATABASE_POOL_SIZE: '8', LAUNCH_GRACE_SECONDS: String(GRACE_SECONDS),
      PUBLIC_URL: 'https://countersign.test', REPLICATE_WEBHOOK_SECRET: 'whsec_dGVzdC1zZWNyZXQ=', ...variables,
    });
    const module = ExecutorModule.of(env, createLogger({ service: 'executor', level: 'fatal', write: () => undefined }));
    const put = [
      { provide: Clock, useValue: clock },
      { provide: ProviderRegistry, useValue: new ProviderRegistry([provider]) },
      { provide: LiveState, useFactory: (connection: Redis) => new RedisLiveState(connection, `${redis.keyPrefix}:`), inject: [Redis] },
    ];
    const app = await NestFactory.createApplicationContext({ ...module, providers: [...(module.providers ?? []), ...put] }, { logger: false });
    apps.push(app);
    return app;
  };
  const app = await boot();
  const publisher = app.get(Publisher);
  const pool = poolOf(app.get(DataSource));
  const launches = app.get(LaunchStore);
  return {
    ...handsOf(app), clock, provider, redis, launches, publisher, sha256: sha256Hex,
    runs: app.get(RunStore), approvals: app.get(ApprovalStore), commands: app.get(CommandStore), outbox: app.get(Outbox),
    forms: app.get(FormStore), calls: app.get(ModelCalls), artifacts: app.get(ArtifactStore), files: app.get(ArtifactFiles), live: app.get(LiveState), overdue: app.get(Overdue),
    query: async <Row extends object>(sql: string, values: unknown[] = []) => (await pool.query<Row>(sql, values)).rows,
    another: async () => handsOf(await boot()),
    mortal: async () => {
      const life = await boot();
      return { ...handsOf(life), doors: doorsOf(life, provider) };
    },
    launchOf: async (runId, attempt = 1) => {
      const launch = await launches.ofAttempt(runId, attempt);
      if (!launch) throw new Error(`run ${runId} has no launch ${attempt}`);
      return launch;
    },
    rungFor: async (id) => {
      const jobs = await Promise.all((['orchestrator', 'executor'] as const).map((queue) => publisher.queue(queue).getJobs()));
      return jobs.flat().map(({ name, data }) => ({ job: name, data: data as Bell['data'] })).filter(({ data }) => Object.values(data).includes(id));
    },
    close: async () => {
      for (const each of apps) await closeExecutor(each);
      await Promise.all([database.drop(), redis.drop(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

function handsOf(app: INestApplicationContext): Hands {
  return { launchOnce: app.get(LaunchOnce), look: app.get(LookAtLaunch), stopJob: app.get(StopJob), resolveForm: app.get(ResolveForm), askModel: app.get(AskModel) };
}

function doorsOf(app: INestApplicationContext, provider: WatchedProvider): Door[] {
  return [
    ...portDoors((token) => app.get(token)),
    { name: 'Publisher', port: app.get(Publisher), calls: ['ring', 'ringAll'] },
    { name: 'AiProvider', port: provider, calls: ['form', 'launch', 'follow', 'cancel', 'reconcile', 'openOutput'] },
  ];
}

async function closeExecutor(app: INestApplicationContext): Promise<void> {
  await app.get(Doorbells).settle();
  await app.get(Publisher).close();
  (app.get(LiveState) as RedisLiveState).close();
  app.get(Redis).disconnect();
  await app.get(DataSource).destroy();
}

async function migrateAt(url: string): Promise<void> {
  const source = await createDataSource({ url, poolSize: 2, applicationName: 'countersign-test' }).initialize();
  await migrate(source);
  await source.destroy();
}
