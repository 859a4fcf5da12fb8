import { createChannels, type OpenChannel } from '@countersign/channels';
import { Clock, NoticeStore, RunStore, type Instant } from '@countersign/core';
import { ArtifactSigner } from '@countersign/files';
import { storeProviders } from '@countersign/persistence';
import { Publisher } from '@countersign/queues';
import { newId, sha256Hex, type Logger } from '@countersign/service-kit';
import { Module, type DynamicModule } from '@nestjs/common';
import { publicUrlOf, type NotifierEnv } from './notifier.env';
import { ChannelLane } from './telling/channel-lane';
import { TellRun } from './telling/tell-run';

export interface NotifierSettings {
  env: NotifierEnv;
  logger: Logger;
  /** Key prefixes; the house's own when absent. */
  queuePrefix?: string;
  socketPrefix?: string;
}

/** What tells people: one lane a channel. */
export class Lanes {
  constructor(readonly channels: OpenChannel[], readonly list: ChannelLane[]) {}

  async close(): Promise<void> {
    await Promise.all(this.list.map((lane) => lane.close()));
    await Promise.all(this.channels.map(({ close }) => close()));
  }
}

/** Introduces the adapters to the ports: the only place of this app that knows both. */
@Module({})
export class NotifierModule {
  static of({ env, logger, queuePrefix, socketPrefix }: NotifierSettings): DynamicModule {
    return {
      module: NotifierModule,
      providers: [
        ...storeProviders({ url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE, applicationName: 'notifier', sha256: sha256Hex, newId }),
        { provide: Publisher, useFactory: () => new Publisher({ redisUrl: env.REDIS_URL, ...(queuePrefix !== undefined && { prefix: queuePrefix }) }) },
        {
          provide: Lanes,
          useFactory: async (...[runs, notices, clock, publisher]: LaneNeeds) => {
            const channels = await openChannels(env, socketPrefix);
            const slots = slotsOf(env.DATABASE_POOL_SIZE, channels.length);
            const parts = { runs, notices, clock, logger };
            return new Lanes(channels, channels.map(({ channel }) => new ChannelLane({
              tellRun: new TellRun(channel, parts), slots, logger, ringAt: ringAt(publisher, clock),
            })));
          },
          inject: [RunStore, NoticeStore, Clock, Publisher],
        },
      ],
    };
  }
}

type LaneNeeds = [RunStore, NoticeStore, Clock, Publisher];

async function openChannels(env: NotifierEnv, prefix: string | undefined): Promise<OpenChannel[]> {
  const signer = await ArtifactSigner.of(env.DATA_DIR);
  return createChannels({
    redisUrl: env.REDIS_URL, ...(prefix !== undefined && { prefix }),
    websocketUrl: env.WEBSOCKET_URL ?? null, websocketApiKey: env.WEBSOCKET_API_KEY ?? null,
    artifactPath: (artifactId) => signer.path(artifactId), publicUrl: publicUrlOf(env),
  });
}

/** Each slot holds a connection while it tells; one share is left for reading, so that no slot waits for another. */
function slotsOf(poolSize: number, channels: number): number {
  return Math.max(1, Math.floor(poolSize / (channels + 1)));
}

function ringAt(publisher: Publisher, clock: Clock) {
  return async (runId: string, channel: string, at: Instant): Promise<void> => {
    const delayMs = Math.max(0, Date.parse(at) - Date.parse(clock.now()));
    await publisher.ring({ job: 'notice.tell', data: { run_id: runId, seq: 1 }, delayMs, again: `${channel}-${Date.parse(at)}` });
  };
}
