import { SOCKET_NAMESPACE, type ApprovalListView, type ApprovalView, type ClaimView, type ClientToServerEvents, type DecisionView, type ServerToClientEvents } from '@countersign/contracts';
import { audience, SocketStreams } from '@countersign/channels';
import type { Approval } from '@countersign/core';
import type { OnModuleInit, OnModuleDestroy } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import type { Namespace, Socket as AnySocket } from 'socket.io';
import { ClaimApproval } from '../approvals/claim-approval';
import { DecideApproval } from '../approvals/decide-approval';
import { namedApproval, readAnswer } from '../approvals/read-answer';
import { SeeApprovals } from '../approvals/see-approvals';
import { ProblemError } from '../http/answers/problem';
import { ProgressRelay } from './progress-relay';
import { RoomKeeper } from './room-keeper';
import { StillWelcome } from './still-welcome';
import { ClaimBodyDto, DecideBodyDto, ListBodyDto, SubscribeBodyDto } from './socket-bodies.dto';
import { SocketDoor, type Answered } from './socket-door';

type Socket = AnySocket<ClientToServerEvents, ServerToClientEvents>;
interface Room { room: string }

/** Above this a message is not even read, bytes: the JSON limit answers first, with a problem. */
const MESSAGE_MOST_BYTES = 16 * 1024 * 1024;
/** Runs and sessions that one socket may watch at a time. */
const ROOMS_MOST = 500;

/** Adapters and relays that the sockets lean on. */
export class SocketHelp {
  constructor(readonly streams: SocketStreams, readonly progress: ProgressRelay, readonly rooms: RoomKeeper, readonly welcome: StillWelcome) {}
}

/** Socket.IO, namespace `/hitl`. What clients are told comes from the notifier through Redis; what they ask is answered here. */
@WebSocketGateway({ namespace: SOCKET_NAMESPACE, maxHttpBufferSize: MESSAGE_MOST_BYTES, serveClient: false })
export class HitlGateway implements OnGatewayInit<Namespace>, OnGatewayConnection<Socket>, OnModuleInit, OnModuleDestroy {
  private namespace: Namespace;

  constructor(
    private readonly door: SocketDoor,
    private readonly help: SocketHelp,
    private readonly decisions: DecideApproval,
    private readonly approvals: SeeApprovals,
    private readonly claims: ClaimApproval,
  ) {}

  afterInit(namespace: Namespace): void {
    this.namespace = namespace;
    namespace.server.of('/').use((_socket, next) => next(new Error(`connect to ${SOCKET_NAMESPACE}`)));
    namespace.use((socket, next) => void this.door.admit(socket).then((refusal) => next(refusal ?? undefined)));
  }

  /** Before the first client can come. */
  onModuleInit(): void {
    this.namespace.server.adapter(this.help.streams.adapter);
    this.help.progress.attach(this.namespace);
    this.help.welcome.attach(this.namespace);
    this.claims.onClaim((approval) => void this.tell(approval));
  }

  async onModuleDestroy(): Promise<void> {
    await this.help.progress.close();
    await this.help.streams.close([this.namespace.server.of('/').adapter, this.namespace.adapter]);
  }

  /** Joins first and looks then: what is asked in between comes twice rather than never. */
  async handleConnection(socket: Socket): Promise<void> {
    try {
      const principal = await this.door.principal(socket);
      const own = this.help.rooms.ownRooms(principal);
      (socket.data as { ownRooms?: number }).ownRooms = own.length;
      await socket.join(own);
      for (const approval of await this.help.rooms.pending(principal)) socket.emit('approval.requested', approval);
    } catch {
      // Without its rooms a socket would look alive and hear nothing; it comes back by itself.
      socket.disconnect(true);
    }
  }

  @SubscribeMessage('approval.decide')
  decide(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answered<DecisionView>> {
    return this.door.answer(socket, { body, as: DecideBodyDto, writes: true }, async (given, principal) => {
      const approvalId = namedApproval(given);
      if (given.run_id !== undefined && (await this.approvals.find(principal, approvalId)).runId !== given.run_id.toLowerCase()) {
        throw new ProblemError('APPROVAL_NOT_FOUND', `run ${given.run_id} has no approval ${approvalId}`);
      }
      return this.decisions.decide(principal, approvalId, readAnswer(given), 'socket');
    });
  }

  @SubscribeMessage('approvals.list')
  list(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answered<ApprovalListView>> {
    return this.door.answer(socket, { body, as: ListBodyDto }, (filter, principal) => this.approvals.pending(principal, filter));
  }

  @SubscribeMessage('subscribe')
  subscribe(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answered<Room>> {
    return this.door.answer(socket, { body, as: SubscribeBodyDto }, async (wanted, principal) => {
      const room = await this.help.rooms.roomFor(principal, wanted);
      if (socket.rooms.size >= ROOMS_MOST) throw new ProblemError('RATE_LIMITED', `a socket may watch ${ROOMS_MOST} runs and sessions`);
      await socket.join(room);
      return { room };
    });
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answered<Room>> {
    return this.door.answer(socket, { body, as: SubscribeBodyDto }, async (wanted, principal) => {
      const room = await this.help.rooms.roomFor(principal, wanted);
      if (!this.help.rooms.ownRooms(principal).includes(room)) await socket.leave(room);
      return { room };
    });
  }

  @SubscribeMessage('approval.claim')
  claim(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answered<ClaimView>> {
    return this.door.answer(socket, { body, as: ClaimBodyDto, writes: true }, ({ approval_id: id }, principal) => this.claims.claim(principal, id.toLowerCase()));
  }

  @SubscribeMessage('approval.release')
  release(@ConnectedSocket() socket: Socket, @MessageBody() body: unknown): Promise<Answered<ClaimView>> {
    return this.door.answer(socket, { body, as: ClaimBodyDto, writes: true }, ({ approval_id: id }, principal) => this.claims.release(principal, id.toLowerCase()));
  }

  /** To every gateway's sockets. Nothing waits for it, and without Redis whoever looks again sees it. */
  private async tell(approval: Approval): Promise<void> {
    const to = this.namespace.to(audience(approval)) as { emit(event: 'approval.updated', body: ApprovalView): boolean };
    await this.help.streams.written(() => to.emit('approval.updated', this.approvals.view(approval))).catch(() => undefined);
  }
}
