import {
  ApprovalStore, ArtifactFiles, ArtifactStore, Clock, FormStore, Ids, LaunchStore, LiveState, ModelCalls, Outbox, RunStore, Throttle,
} from '@countersign/core';
import { FsArtifactFiles, GuardedFetch, INPUT_FILE_LIMITS, OwnFiles } from '@countersign/files';
import { CachedFormStore, PostgresFormStore, RedisLiveState, RedisThrottle, storeProviders } from '@countersign/persistence';
import { createProviders, isPictureCheckInstalled, parsePrices, ProviderRegistry } from '@countersign/providers';
import { createLanguageModel } from '@countersign/providers/language-model';
import { Doorbells, Publisher } from '@countersign/queues';
import { newId, openRedis, readDataFile, sha256Hex, type Logger } from '@countersign/service-kit';
import { formFromOpenApi } from '@countersign/validator';
import { Module, type DynamicModule } from '@nestjs/common';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { AtWork } from './launch/at-work';
import { CallProvider } from './launch/call-provider';
import { callbackUrlOf } from './launch/callback-url';
import type { ExecutorEnv } from './executor.env';
import { FinishLaunch } from './follow/finish-launch';
import { InputFiles } from './launch/input-files';
import { AskModel } from './language/ask-model';
import { CheckPictures } from './output/check-pictures';
import { KeepOutput } from './output/keep-output';
import { LaunchGate } from './launch/launch-gate';
import { LaunchOnce } from './launch/launch-once';
import { LookAtLaunch } from './follow/look-at-launch';
import { lookerOf } from './output/looker-of';
import { NewestVersion } from './launch/newest-version';
import { ResolveForm } from './forms/resolve-form';
import { StopJob } from './follow/stop-job';

/** Introduces the adapters to the ports: the only place of this app that knows both. */
@Module({})
export class ExecutorModule {
  static of(env: ExecutorEnv, logger: Logger): DynamicModule {
    const trouble = (error: unknown): void => logger.warn({ err: error }, 'a doorbell stays in the outbox');
    return {
      module: ExecutorModule,
      providers: [
        ...storeProviders({ url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE, applicationName: 'executor', sha256: sha256Hex, newId }),
        { provide: ArtifactFiles, useFactory: () => new FsArtifactFiles(env.DATA_DIR) },
        { provide: Redis, useFactory: () => openRedis(env.REDIS_URL, { maxRetriesPerRequest: 1 }) },
        { provide: LiveState, useFactory: (redis: Redis) => new RedisLiveState(redis), inject: [Redis] },
        { provide: Throttle, useFactory: (redis: Redis) => new RedisThrottle(redis), inject: [Redis] },
        { provide: FormStore, useFactory: (source: DataSource, redis: Redis) => new CachedFormStore(new PostgresFormStore(source), redis), inject: [DataSource, Redis] },
        { provide: Publisher, useFactory: () => new Publisher({ redisUrl: env.REDIS_URL }) },
        { provide: Doorbells, useFactory: (publisher: Publisher, outbox: Outbox) => new Doorbells(publisher, outbox, trouble), inject: [Publisher, Outbox] },
        { provide: ProviderRegistry, useFactory: () => createProviders(providerSettings(env)) },
        {
          provide: InputFiles,
          useFactory: (artifacts: ArtifactStore, files: ArtifactFiles) => new InputFiles(new OwnFiles(artifacts, files), new GuardedFetch({ allowHosts: env.FETCH_ALLOW_HOSTS, timeoutMs: INPUT_TIMEOUT_MS, ...INPUT_FILE_LIMITS })),
          inject: [ArtifactStore, ArtifactFiles],
        },
        {
          provide: CheckPictures,
          useFactory: (files: ArtifactFiles) => new CheckPictures(files, lookerOf(env.NSFW_CHECK, isPictureCheckInstalled(), (message) => logger.info(message)), (message) => logger.warn(message)),
          inject: [ArtifactFiles],
        },
        {
          provide: KeepOutput,
          useFactory: (...[files, artifacts, runs, clock, ids, pictures]: [ArtifactFiles, ArtifactStore, RunStore, Clock, Ids, CheckPictures]) => new KeepOutput(files, { artifacts, runs }, clock, ids, pictures),
          inject: [ArtifactFiles, ArtifactStore, RunStore, Clock, Ids, CheckPictures],
        },
        {
          provide: FinishLaunch,
          useFactory: (...parts: [LaunchStore, ProviderRegistry, KeepOutput, Doorbells, Clock]) => new FinishLaunch(...parts),
          inject: [LaunchStore, ProviderRegistry, KeepOutput, Doorbells, Clock],
        },
        {
          provide: LaunchGate,
          useFactory: (...[approvals, providers, forms, inputFiles, clock]: GateParts) =>
            new LaunchGate(approvals, { providers, inputFiles, newest: new NewestVersion(forms, providers, clock) }, clock, sha256Hex),
          inject: [ApprovalStore, ProviderRegistry, FormStore, InputFiles, Clock],
        },
        { provide: AtWork, useFactory: (launches: LaunchStore, clock: Clock) => new AtWork(launches, clock), inject: [LaunchStore, Clock] },
        {
          provide: CallProvider,
          useFactory: (...[providers, atWork, finish, live, inputFiles, throttle]: CallParts) =>
            new CallProvider(providers, atWork, finish, live, { inputFiles, callbackUrl: callbackUrlOf(env), throttle }),
          inject: [ProviderRegistry, AtWork, FinishLaunch, LiveState, InputFiles, Throttle],
        },
        {
          provide: LookAtLaunch,
          useFactory: (...[runs, launches, providers, gate, atWork, callProvider, finish, inputFiles, clock]: LookParts) =>
            new LookAtLaunch({ runs, launches }, providers, { gate, atWork, callProvider, finish, inputFiles }, clock, { graceSeconds: env.LAUNCH_GRACE_SECONDS }),
          inject: [RunStore, LaunchStore, ProviderRegistry, LaunchGate, AtWork, CallProvider, FinishLaunch, InputFiles, Clock],
        },
        {
          provide: LaunchOnce,
          useFactory: (...[runs, launches, gate, callProvider, look, finish, throttle, clock, ids]: LaunchParts) =>
            new LaunchOnce({ runs, launches }, { gate, callProvider, look, finish, throttle }, clock, ids, sha256Hex),
          inject: [RunStore, LaunchStore, LaunchGate, CallProvider, LookAtLaunch, FinishLaunch, Throttle, Clock, Ids],
        },
        {
          provide: StopJob,
          useFactory: (...[launches, providers, callProvider, finish]: [LaunchStore, ProviderRegistry, CallProvider, FinishLaunch]) =>
            new StopJob(launches, providers, { callProvider, finish }),
          inject: [LaunchStore, ProviderRegistry, CallProvider, FinishLaunch],
        },
        {
          provide: AskModel,
          useFactory: (...[approvals, calls, doorbells, live, clock]: AskParts) => new AskModel({ approvals, calls }, doorbells, live, clock, { ...modelTerms(env), logger }),
          inject: [ApprovalStore, ModelCalls, Doorbells, LiveState, Clock],
        },
        {
          provide: ResolveForm,
          useFactory: (...parts: [ProviderRegistry, FormStore, LiveState, Publisher, Clock]) => new ResolveForm(...parts),
          inject: [ProviderRegistry, FormStore, LiveState, Publisher, Clock],
        },
      ],
    };
  }
}

/** For a whole input file, ms: nobody waits before a screen for it. */
const INPUT_TIMEOUT_MS = 30_000;

function providerSettings(env: ExecutorEnv) {
  return {
    replicate: {
      apiToken: env.REPLICATE_API_TOKEN ?? null, baseUrl: env.REPLICATE_BASE_URL,
      webhookSecret: env.REPLICATE_WEBHOOK_SECRET ?? null, buildForm: formFromOpenApi,
    },
    openai: { apiKey: env.OPENAI_API_KEY ?? null, baseUrl: env.OPENAI_BASE_URL },
    anthropic: { apiKey: env.ANTHROPIC_API_KEY ?? null, baseUrl: env.ANTHROPIC_BASE_URL },
    prices: readDataFile('MODEL_PRICES_FILE', env.MODEL_PRICES_FILE, parsePrices),
  };
}

function modelTerms(env: ExecutorEnv) {
  return {
    model: createLanguageModel({
      openai: { apiKey: env.OPENAI_API_KEY ?? null, baseUrl: env.OPENAI_BASE_URL },
      anthropic: { apiKey: env.ANTHROPIC_API_KEY ?? null, baseUrl: env.ANTHROPIC_BASE_URL },
      provider: env.LLM_PROVIDER ?? null, model: env.LLM_MODEL ?? null,
    }),
    budget: { callsPerRun: env.LLM_CALLS_PER_RUN, callsPerDay: env.LLM_CALLS_PER_DAY, tokensPerDay: env.LLM_TOKENS_PER_DAY },
    timeoutMs: env.LLM_TIMEOUT_MS,
  };
}

type GateParts = [ApprovalStore, ProviderRegistry, FormStore, InputFiles, Clock];
type AskParts = [ApprovalStore, ModelCalls, Doorbells, LiveState, Clock];
type CallParts = [ProviderRegistry, AtWork, FinishLaunch, LiveState, InputFiles, Throttle];
type LookParts = [RunStore, LaunchStore, ProviderRegistry, LaunchGate, AtWork, CallProvider, FinishLaunch, InputFiles, Clock];
type LaunchParts = [RunStore, LaunchStore, LaunchGate, CallProvider, LookAtLaunch, FinishLaunch, Throttle, Clock, Ids];
