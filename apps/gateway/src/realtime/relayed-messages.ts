import { isJsonObject, type JsonObject, type Principal } from '@countersign/core';
import { newId } from '@countersign/service-kit';
import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { DecideApproval } from '../approvals/decide-approval';
import { namedApproval, readAnswer } from '../approvals/read-answer';
import { SeeApprovals } from '../approvals/see-approvals';
import { checkedInput } from '../http/input/checked-input';
import { PrincipalResolver } from '../http/callers/principal-resolver';
import { problemOf } from '../http/answers/problem-of';
import { Reply } from '../http/answers/reply';
import { RelayedAnswerDto, RelayedCancelDto, RelayedListDto, type RelayMessageDto, type RelayReplyView } from './relay.dto';

type Handle = (data: JsonObject, principal: Principal) => Promise<RelayReplyView>;

const OK = 200;
const SERVER_ERROR = 500;
const PAGE = 200;
const DEFAULT_REASON = 'Cancelled by user';

/** Messages of browsers that an outside WebSocket server holds and hands on to us. */
@Injectable()
export class RelayedMessages {
  private readonly handlers: Record<string, Handle> = {
    hitl_approval_response: (data, principal) => this.decide(data, principal),
    hitl_list_pending: (data, principal) => this.list(data, principal),
    hitl_cancel_approval: (data, principal) => this.cancel(data, principal),
  };

  constructor(
    private readonly resolver: PrincipalResolver,
    private readonly decisions: DecideApproval,
    private readonly approvals: SeeApprovals,
  ) {}

  /** The decider is the key's own principal; where there are no keys, `data` names the user. */
  async handle({ type, data = {} }: RelayMessageDto, headers: IncomingHttpHeaders): Promise<Reply<RelayReplyView>> {
    const handler = Object.hasOwn(this.handlers, type) ? this.handlers[type] : undefined;
    if (!handler) return new Reply(OK, { type: 'error', message: `Unknown message type: ${type}` });
    try {
      return new Reply(OK, await handler(data, await this.resolver.resolve({ headers, body: data })));
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status >= SERVER_ERROR) throw error;
      const approvalId = isJsonObject(data) && typeof data.approval_id === 'string' ? data.approval_id : null;
      return new Reply(problem.status, { type: ackOf(type), success: false, approval_id: approvalId, message: problem.message, error: problem.view(newId()) });
    }
  }

  private async decide(data: JsonObject, principal: Principal): Promise<RelayReplyView> {
    const given = checkedInput(RelayedAnswerDto, data);
    const { success, approval_id, message } = await this.decisions.decide(principal, namedApproval(given), readAnswer(given), 'relay');
    return { type: ackOf('hitl_approval_response'), success, approval_id, message };
  }

  private async list(data: JsonObject, principal: Principal): Promise<RelayReplyView> {
    const filter = checkedInput(RelayedListDto, data);
    const { approvals } = await this.approvals.pending(principal, { limit: PAGE, ...filter });
    return { type: 'hitl_pending_approvals', data: approvals };
  }

  private async cancel(data: JsonObject, principal: Principal): Promise<RelayReplyView> {
    const { approval_id: id, reason = DEFAULT_REASON } = checkedInput(RelayedCancelDto, data);
    const answer = { action: 'reject' as const, edits: {}, reason, message: null, payloadHash: null };
    const { success, approval_id } = await this.decisions.decide(principal, id.toLowerCase(), answer, 'relay');
    return { type: ackOf('hitl_cancel_approval'), success, approval_id };
  }
}

const ackOf = (type: string): string => (type === 'hitl_list_pending' ? 'hitl_pending_approvals' : `${type}_ack`);
