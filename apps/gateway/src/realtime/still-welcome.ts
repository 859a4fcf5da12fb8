import type { OnModuleDestroy } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { Namespace } from 'socket.io';
import { ProblemError } from '../http/answers/problem';
import { RoomKeeper } from './room-keeper';
import { SocketDoor } from './socket-door';

/** A revoked key, or one with other roles, is noticed after this at the latest, ms. */
const LOOK_EVERY_MS = 30_000;

/** Sends sockets away whose key was revoked or sees less than it did: they listen for hours without asking anything. */
@Injectable()
export class StillWelcome implements OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly door: SocketDoor, private readonly rooms: RoomKeeper) {}

  attach(namespace: Namespace): void {
    this.timer = setInterval(() => void this.look(namespace), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** A socket that goes comes back by itself, if it may, to the rooms that are its own now. */
  async look(namespace: Namespace): Promise<void> {
    for (const socket of namespace.sockets.values()) {
      const { ownRooms } = socket.data as { ownRooms?: number };
      if (ownRooms === undefined) continue;
      const own = await this.door.principal(socket).then((principal) => this.rooms.ownRooms(principal), (error: unknown) => (isRefusal(error) ? [] : null));
      if (own === null) continue;
      const isRight = own.length > 0 && own.every((room) => socket.rooms.has(room)) && own.length === ownRooms;
      if (!isRight) socket.disconnect(true);
    }
  }
}

/** Anything else is our trouble, not theirs. */
function isRefusal(error: unknown): boolean {
  return error instanceof ProblemError && error.code === 'UNAUTHENTICATED';
}
