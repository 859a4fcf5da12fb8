import {
  ApprovalStore, AuditReader, BudgetStore, Clock, CommandStore, FormStore, LaunchStore, LiveState, ModelCalls, Outbox, Overdue, ParameterMemory, RunStore, type Bell, type StepEvent,
} from '@countersign/core';
import { HandClock, portDoors, type StoreStage } from '@countersign/core/testing';
import { createDataSource, migrate, poolOf, RedisLiveState } from '@countersign/persistence';
import { Doorbells, Publisher, type Handlers } from '@countersign/queues';
import { createLogger, loadEnv, sha256Hex } from '@countersign/service-kit';
import { freshDatabase, freshRedis, type Door, type FreshRedis } from '@countersign/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { AdvanceRun } from '../moves/advance-run';
import { orchestratorHandlers } from '../handlers';
import { NoteBrowser } from '../moves/note-browser';
import { OrchestratorEnv } from '../orchestrator.env';
import { OrchestratorModule } from '../orchestrator.module';
import { OutboxRelay } from '../timers/outbox-relay';
import { Reword } from '../moves/reword';
import { Sweeper } from '../timers/sweeper';

/** One orchestrator process, its jobs called by hand. */
export interface Orchestrator {
  advanceRun: AdvanceRun;
  noteBrowser: NoteBrowser;
  relay: OutboxRelay;
  sweeper: Sweeper;
  doorbells: Doorbells;
  handlers: Handlers<'orchestrator'>;
}

export type Rung = Pick<Bell, 'job' | 'data'> & { delayMs: number };

export interface OrchestratorStage extends StoreStage, Orchestrator {
  clock: HandClock;
  forms: FormStore;
  evidence: AuditReader;
  calls: ModelCalls;
  budgets: BudgetStore;
  live: LiveState;
  memory: ParameterMemory;
  overdue: Overdue;
  redis: FreshRedis;
  publisher: Publisher;
  /** What the orchestrators logged as trouble. */
  logLines: string[];
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** One more orchestrator on the same database and Redis. */
  another(): Promise<Orchestrator>;
  /** One more that can be made to die: with all doors by which it reaches the world. */
  mortal(): Promise<Orchestrator & { doors: Door[] }>;
  history(runId: string): Promise<StepEvent[]>;
  /** Doorbells that lie in Redis, for `id` when given. */
  rung(id?: string): Promise<Rung[]>;
  close(): Promise<void>;
}

/** An orchestrator without its queue and timers, on a database and a Redis of its own. Nothing else runs. */
export async function orchestratorStage(variables: Record<string, string> = {}): Promise<OrchestratorStage> {
  const [database, redis] = await Promise.all([freshDatabase({ migrate: migrateAt }), freshRedis()]);
  const clock = new HandClock();
  const apps: INestApplicationContext[] = [];
  const logLines: string[] = [];
  const boot = async (): Promise<INestApplicationContext> => {
    const env = loadEnv(OrchestratorEnv, { DATABASE_URL: database.url, REDIS_URL: redis.url, DATABASE_POOL_SIZE: '10', ...variables });
    const module = OrchestratorModule.of(env, createLogger({ service: 'orchestrator', level: 'warn', write: (line) => void logLines.push(line) }));
    const put = [
      { provide: Clock, useValue: clock },
      { provide: LiveState, useFactory: (connection: Redis) => new RedisLiveState(connection, `${redis.keyPrefix}:`), inject: [Redis] },
    ];
    const app = await NestFactory.createApplicationContext({ ...module, providers: [...(module.providers ?? []), ...put] }, { logger: false });
    apps.push(app);
    return app;
  };
  const app = await boot();
  const runs = app.get(RunStore);
  const publisher = app.get(Publisher);
  const pool = poolOf(app.get(DataSource));
  return {
    ...orchestratorOf(app), clock, redis, runs, publisher, logLines, sha256: sha256Hex,
    approvals: app.get(ApprovalStore), launches: app.get(LaunchStore), commands: app.get(CommandStore), outbox: app.get(Outbox),
    forms: app.get(FormStore), calls: app.get(ModelCalls), budgets: app.get(BudgetStore),
      evidence: app.get(AuditReader), live: app.get(LiveState), memory: app.get(ParameterMemory), overdue: app.get(Overdue),
    query: async <Row extends object>(sql: string, values: unknown[] = []) => (await pool.query<Row>(sql, values)).rows,
    another: async () => orchestratorOf(await boot()),
    mortal: async () => {
      const life = await boot();
      const publisherDoor = { name: 'Publisher', port: life.get(Publisher), calls: ['ring', 'ringAll'] };
      return { ...orchestratorOf(life), doors: [...portDoors((token) => life.get(token)), publisherDoor] };
    },
    history: (runId) => runs.events(runId, 0, 1_000),
    rung: async (id) => {
      const jobs = await Promise.all((['orchestrator', 'executor', 'notifier'] as const).map((queue) => publisher.queue(queue).getJobs()));
      const rung = jobs.flat().map(({ name, data, delay }) => ({ job: name, data: data as Bell['data'], delayMs: delay }));
      return id === undefined ? rung : rung.filter(({ data }) => Object.values(data).includes(id));
    },
    close: async () => {
      for (const each of apps) await closeOrchestrator(each);
      await Promise.all([database.drop(), redis.drop()]);
    },
  };
}

function orchestratorOf(app: INestApplicationContext): Orchestrator {
  const [advanceRun, noteBrowser, reword] = [app.get(AdvanceRun), app.get(NoteBrowser), app.get(Reword)];
  return {
    advanceRun, noteBrowser, relay: app.get(OutboxRelay), sweeper: app.get(Sweeper), doorbells: app.get(Doorbells),
    handlers: orchestratorHandlers({ advanceRun, noteBrowser, reword, approvals: app.get(ApprovalStore) }),
  };
}

async function closeOrchestrator(app: INestApplicationContext): Promise<void> {
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
