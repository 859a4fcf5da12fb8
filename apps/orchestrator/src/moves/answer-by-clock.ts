import { extendedEnd, type ApprovalStore, type Clock, type Move } from '@countersign/core';

/** What the clock says to an approval whose time is over. It races with people for the same single answer. */
export class AnswerByClock {
  constructor(private readonly approvals: ApprovalStore, private readonly clock: Clock) {}

  async timeOut({ approval, how }: Extract<Move, { kind: 'time_out' }>): Promise<void> {
    const now = this.clock.now();
    switch (how) {
      case 'reject':
        await this.approvals.expire(approval.approvalId, now, []);
        return;
      case 'approve':
        await this.approvals.record(approval.approvalId, 'approved', {
          action: 'approve', edits: {}, reason: 'nobody answered in time', message: null,
          by: 'policy:on_timeout', at: now, via: 'clock', preparation: null,
        }, []);
        return;
      case 'extend': case 'escalate':
        await this.approvals.extend(approval, extendedEnd(approval, now), how === 'escalate');
    }
  }
}
