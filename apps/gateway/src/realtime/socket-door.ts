import type { ProblemView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { newId, withCorrelation } from '@countersign/service-kit';
import { Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { GatewayEnv } from '../gateway.env';
import { GatewayLog } from '../http/gateway-log';
import { PrincipalResolver } from '../http/callers/principal-resolver';
import { problemOf } from '../http/answers/problem-of';
import { ProblemError } from '../http/answers/problem';
import { refuseOrigin } from '../http/callers/same-origin';
import { WriteBudget } from '../http/callers/write-budget';
import { checkedBody, type BodyClass } from './checked-body';

export type Answered<T> = ({ ok: true } & T) | { ok: false; error: ProblemView };

const SERVER_ERROR = 500;

/** What every socket and every request of a socket goes through; REST has guards, pipes and filters for the same. */
@Injectable()
export class SocketDoor {
  constructor(
    private readonly env: GatewayEnv,
    private readonly resolver: PrincipalResolver,
    private readonly budget: WriteBudget,
    private readonly log: GatewayLog,
  ) {}

  /** Asked again at every request, because keys are revoked while sockets live. `body` names the user only where there are no keys. */
  principal(socket: Pick<Socket, 'handshake'>, body?: unknown): Promise<Principal> {
    const { headers, auth } = socket.handshake;
    return this.resolver.resolve({ headers, auth, body });
  }

  /** @returns an error for `connect_error`, null when the socket may come in */
  async admit(socket: Socket): Promise<Error | null> {
    const { host, origin } = socket.handshake.headers;
    const rules = { publicUrl: this.env.PUBLIC_URL, loopbackOnly: this.env.AUTH_MODE === 'local' };
    try {
      const foreign = refuseOrigin({ method: 'POST', host, origin }, rules);
      if (foreign !== null) throw new ProblemError('FORBIDDEN', foreign);
      await this.principal(socket);
      return null;
    } catch (error) {
      const problem = this.problem(error);
      return Object.assign(new Error(problem.detail), { data: problem });
    }
  }

  /** Checks the body, finds out who asks, and turns whatever is thrown into an answer. */
  answer<B extends object, T>(
    socket: Socket, { body, as, writes = false }: { body: unknown; as: BodyClass<B>; writes?: boolean }, handle: (body: B, principal: Principal) => Promise<T>,
  ): Promise<Answered<T>> {
    return withCorrelation(newId(), async (): Promise<Answered<T>> => {
      try {
        const checked = checkedBody(body, as, this.env.JSON_BODY_LIMIT_BYTES);
        const principal = await this.principal(socket, checked);
        const waitSeconds = writes ? this.budget.take(principal) : null;
        if (waitSeconds !== null) throw new ProblemError('RATE_LIMITED', `too many changes in the last minute; try again in ${waitSeconds} s`);
        return { ok: true, ...(await handle(checked, principal)) };
      } catch (error) {
        return { ok: false, error: this.problem(error) };
      }
    });
  }

  private problem(error: unknown): ProblemView {
    const problem = problemOf(error);
    const requestId = newId();
    if (problem.status >= SERVER_ERROR && problem.code !== 'NOT_IMPLEMENTED') this.log.logger.error({ err: error, code: problem.code, request_id: requestId }, 'a socket request failed');
    return problem.view(requestId);
  }
}
