import { SOCKET_NAMESPACE, type RunRequestDto, type RunStartedView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { GatewayEnv, publicUrlOf } from '../gateway.env';
import { Reply } from '../http/answers/reply';
import { startedView, StartRun } from './start-run';

const OK = 200;
const CREATED = 201;

/** Starting a run by HTTP: the status and the links. */
@Injectable()
export class StartDoor {
  constructor(private readonly startRun: StartRun, private readonly env: GatewayEnv) {}

  async start(principal: Principal, request: RunRequestDto, key: string | undefined): Promise<Reply<RunStartedView>> {
    const { run, isNew } = await this.startRun.start(principal, request, key);
    const view = startedView(run, `${publicUrlOf(this.env).replace(/^http/, 'ws')}${SOCKET_NAMESPACE}`);
    return new Reply(isNew ? CREATED : OK, view, { Location: view.links.self });
  }
}
