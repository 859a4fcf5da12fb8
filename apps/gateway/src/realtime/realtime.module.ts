import { SocketStreams } from '@countersign/channels';
import { Module } from '@nestjs/common';
import { ApprovalsModule } from '../approvals/approvals.module';
import { GatewayEnv } from '../gateway.env';
import { RunsModule } from '../runs/runs.module';
import { HitlGateway, SocketHelp } from './hitl.gateway';
import { ProgressRelay } from './progress-relay';
import { RelayController } from './relay.controller';
import { RelayedMessages } from './relayed-messages';
import { RoomKeeper } from './room-keeper';
import { RunEventStream } from './run-event-stream';
import { RunEventsController } from './run-events.controller';
import { SocketDoor } from './socket-door';
import { StillWelcome } from './still-welcome';

/** Everything that is pushed: Socket.IO, Server-Sent Events, and messages that an outside WebSocket server relays. */
@Module({
  imports: [ApprovalsModule, RunsModule],
  controllers: [RunEventsController, RelayController],
  providers: [
    HitlGateway, SocketDoor, RoomKeeper, ProgressRelay, RunEventStream, RelayedMessages, StillWelcome,
    {
      provide: SocketHelp,
      useFactory: async (env: GatewayEnv, progress: ProgressRelay, rooms: RoomKeeper, welcome: StillWelcome) =>
        new SocketHelp(await SocketStreams.open({ redisUrl: env.REDIS_URL }), progress, rooms, welcome),
      inject: [GatewayEnv, ProgressRelay, RoomKeeper, StillWelcome],
    },
  ],
})
export class RealtimeModule {}
