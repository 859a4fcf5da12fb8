import { rooms, type RunProgressBody } from '@countersign/contracts';
import { LiveState, topics } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import type { Namespace } from 'socket.io';
import { GatewayLog } from '../http/gateway-log';

const RUN_ROOM = rooms.run('');

/** Hands on what providers tell while they work: only of runs that somebody here watches, and only to them. */
@Injectable()
export class ProgressRelay {
  private readonly watched = new Map<string, Promise<() => Promise<void>>>();

  constructor(private readonly live: LiveState, private readonly log: GatewayLog) {}

  /** Follows the rooms of `namespace` as they fill and empty. */
  attach(namespace: Namespace): void {
    namespace.adapter.on('create-room', (room: string) => this.watch(namespace, room));
    namespace.adapter.on('delete-room', (room: string) => this.unwatch(room));
  }

  async close(): Promise<void> {
    await Promise.all([...this.watched.keys()].map((room) => this.unwatch(room)));
  }

  private watch(namespace: Namespace, room: string): void {
    if (!room.startsWith(RUN_ROOM) || this.watched.has(room)) return;
    const runId = room.slice(RUN_ROOM.length);
    const watching = this.live.watch(topics.run(runId), (signal) => {
      if (signal.kind !== 'progress') return;
      const body: RunProgressBody = { percent: null, message: null, ...signal.body, run_id: runId };
      namespace.local.to(room).emit('run.progress', body);
    });
    this.watched.set(room, watching);
    watching.catch((error: unknown) => {
      this.watched.delete(room);
      this.log.logger.warn({ err: error, run_id: runId }, 'progress of this run is not heard');
    });
  }

  private async unwatch(room: string): Promise<void> {
    const watching = this.watched.get(room);
    this.watched.delete(room);
    const stop = await watching?.catch(() => null);
    await stop?.();
  }
}
