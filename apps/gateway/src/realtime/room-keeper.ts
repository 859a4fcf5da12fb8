import { rooms, type ApprovalView } from '@countersign/contracts';
import { has, RunReader, type Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { SeeApprovals } from '../approvals/see-approvals';
import { invalid, ProblemError } from '../http/answers/problem';
import { SeeRun } from '../runs/see-run';
import type { SubscribeBodyDto } from './socket-bodies.dto';

const PAGE = 200;
/** Pending approvals sent at a connect; whoever has more asks for them page by page. */
const RESENT_MOST = 1_000;

/** Who hears what: rooms follow from the principal and from what it may see, never from what a client claims. */
@Injectable()
export class RoomKeeper {
  constructor(private readonly reader: RunReader, private readonly seeRun: SeeRun, private readonly seeApprovals: SeeApprovals) {}

  /** Rooms a socket is in from the start. */
  ownRooms(principal: Principal): string[] {
    const own = rooms.user(principal.tenantId, principal.userId);
    return seesTenant(principal) ? [own, rooms.tenantReviewers(principal.tenantId)] : [own];
  }

  /** @throws ProblemError RUN_NOT_FOUND, also for what is not the principal's to see */
  async roomFor(principal: Principal, { run_id: runId, session_id: sessionId }: SubscribeBodyDto): Promise<string> {
    if ((runId === undefined) === (sessionId === undefined)) throw invalid('run_id', 'one_of', 'name either run_id or session_id');
    if (runId !== undefined) return rooms.run((await this.seeRun.run(principal, runId.toLowerCase())).runId);
    return this.sessionRoom(principal, sessionId ?? '');
  }

  /** What waits for this principal. */
  async pending(principal: Principal): Promise<ApprovalView[]> {
    const found: ApprovalView[] = [];
    for (let cursor: string | null = null; ;) {
      const page = await this.seeApprovals.pending(principal, { limit: PAGE, ...(cursor !== null && { cursor }) });
      found.push(...page.approvals);
      cursor = page.next_cursor;
      if (cursor === null || found.length >= RESENT_MOST) return found;
    }
  }

  /** Others may use the same session name; who sees only their own runs hears of them in their own room. */
  private async sessionRoom(principal: Principal, sessionId: string): Promise<string> {
    if (seesTenant(principal)) return rooms.session(principal.tenantId, sessionId);
    const { total } = await this.reader.runs(principal, { sessionId }, { limit: 1, cursor: null });
    if (total === 0) throw new ProblemError('RUN_NOT_FOUND', `there is no session ${sessionId}`);
    return rooms.user(principal.tenantId, principal.userId);
  }
}

function seesTenant(principal: Principal): boolean {
  return has(principal, 'reviewer') || has(principal, 'admin');
}
