import {
  ApprovalStore, ArtifactStore, BudgetStore, Clock, CommandStore, FormStore, Ids, LiveState, ModelCalls, Outbox, Overdue, ParameterMemory, RunStore,
} from '@countersign/core';
import { FsArtifactFiles, LookAtFiles, OwnFiles } from '@countersign/files';
import { CachedFormStore, PostgresFormStore, RedisLiveState, storeProviders } from '@countersign/persistence';
import { createProviders, Estimates, parsePrices, ProviderRegistry } from '@countersign/providers';
import { Doorbells, Publisher } from '@countersign/queues';
import { newId, openRedis, readDataFile, sha256Hex, type Logger } from '@countersign/service-kit';
import { filesToLookAt, formFromOpenApi, OperatorRules, parseFamilies } from '@countersign/validator';
import { Module, type DynamicModule } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { AdvanceRun } from './moves/advance-run';
import { AnswerByClock } from './moves/answer-by-clock';
import { Ask } from './moves/ask';
import { ModelForms } from './moves/model-forms';
import { NoteBrowser } from './moves/note-browser';
import type { OrchestratorEnv } from './orchestrator.env';
import { OutboxRelay } from './timers/outbox-relay';
import { PrepareRun } from './moves/prepare-run';
import { Reword } from './moves/reword';
import { Sweeper } from './timers/sweeper';

/** Introduces the adapters to the ports: the only place of this app that knows both. */
@Module({})
export class OrchestratorModule {
  static of(env: OrchestratorEnv, logger: Logger): DynamicModule {
    const trouble = (error: unknown): void => logger.warn({ err: error }, 'a doorbell stays in the outbox');
    const rules = new OperatorRules(readDataFile('MODEL_RULES_FILE', env.MODEL_RULES_FILE, parseFamilies) ?? []);
    return {
      module: OrchestratorModule,
      providers: [
        ...storeProviders({ url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE, applicationName: 'orchestrator', sha256: sha256Hex, newId }),
        { provide: Redis, useFactory: () => openRedis(env.REDIS_URL, { maxRetriesPerRequest: 1 }) },
        { provide: LiveState, useFactory: (redis: Redis) => new RedisLiveState(redis), inject: [Redis] },
        { provide: FormStore, useFactory: (source: DataSource, redis: Redis) => new CachedFormStore(new PostgresFormStore(source), redis, { dress: (form) => rules.apply(form) }), inject: [DataSource, Redis] },
        { provide: Publisher, useFactory: () => new Publisher({ redisUrl: env.REDIS_URL }) },
        { provide: Doorbells, useFactory: (publisher: Publisher, outbox: Outbox) => new Doorbells(publisher, outbox, trouble), inject: [Publisher, Outbox] },
        {
          provide: ProviderRegistry,
          // No keys here: the orchestrator asks providers only pure questions (what would it cost).
          useFactory: () => createProviders({
            replicate: { apiToken: null, baseUrl: 'https://api.replicate.com/v1', webhookSecret: null, buildForm: formFromOpenApi },
            prices: readDataFile('MODEL_PRICES_FILE', env.MODEL_PRICES_FILE, parsePrices),
          }),
        },
        { provide: Estimates, useFactory: (registry: ProviderRegistry, budgets: BudgetStore) => new Estimates(registry, budgets), inject: [ProviderRegistry, BudgetStore] },
        { provide: ModelForms, useFactory: (store: FormStore, publisher: Publisher, clock: Clock) => new ModelForms(store, publisher, clock, { sha256: sha256Hex, rules }), inject: [FormStore, Publisher, Clock] },
        {
          provide: LookAtFiles,
          useFactory: (artifacts: ArtifactStore) =>
            new LookAtFiles(new OwnFiles(artifacts, new FsArtifactFiles(env.DATA_DIR)), { wanted: filesToLookAt, allowHosts: env.FETCH_ALLOW_HOSTS }),
          inject: [ArtifactStore],
        },
        {
          provide: PrepareRun,
          useFactory: (...[forms, files, estimates, memory]: PrepareParts) => new PrepareRun(forms, files, estimates, sha256Hex, memory),
          inject: [ModelForms, LookAtFiles, Estimates, ParameterMemory],
        },
        { provide: Ask, useFactory: (prepareRun: PrepareRun, clock: Clock, ids: Ids) => new Ask(prepareRun, clock, ids), inject: [PrepareRun, Clock, Ids] },
        { provide: AnswerByClock, useFactory: (approvals: ApprovalStore, clock: Clock) => new AnswerByClock(approvals, clock), inject: [ApprovalStore, Clock] },
        {
          provide: AdvanceRun,
          useFactory: (...[runs, commands, ask, prepareRun, answerByClock, doorbells, live, clock]: AdvanceParts) =>
            new AdvanceRun({ runs, commands }, { ask, prepareRun, answerByClock }, doorbells, live, clock),
          inject: [RunStore, CommandStore, Ask, PrepareRun, AnswerByClock, Doorbells, LiveState, Clock],
        },
        {
          provide: NoteBrowser,
          useFactory: (...[runs, approvals, advanceRun, doorbells, clock]: NoteParts) => new NoteBrowser(runs, approvals, advanceRun, doorbells, clock),
          inject: [RunStore, ApprovalStore, AdvanceRun, Doorbells, Clock],
        },
        {
          provide: Reword,
          useFactory: (...parts: [RunStore, ApprovalStore, ModelCalls, AdvanceRun]) => new Reword(...parts),
          inject: [RunStore, ApprovalStore, ModelCalls, AdvanceRun],
        },
        { provide: OutboxRelay, useFactory: (outbox: Outbox, publisher: Publisher, clock: Clock) => new OutboxRelay(outbox, publisher, clock), inject: [Outbox, Publisher, Clock] },
        { provide: Sweeper, useFactory: (overdue: Overdue, publisher: Publisher, clock: Clock) => new Sweeper(overdue, publisher, clock), inject: [Overdue, Publisher, Clock] },
      ],
    };
  }
}

type AdvanceParts = [RunStore, CommandStore, Ask, PrepareRun, AnswerByClock, Doorbells, LiveState, Clock];
type PrepareParts = [ModelForms, LookAtFiles, Estimates, ParameterMemory];
type NoteParts = [RunStore, ApprovalStore, AdvanceRun, Doorbells, Clock];
