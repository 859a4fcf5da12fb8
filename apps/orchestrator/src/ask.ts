import { addMs, CHECKPOINT_RULES, type Approval, type Clock, type Ids, type Move, type Run, type RunEvent } from '@countersign/core';
import type { PrepareRun } from './prepare-run';

/** Words an approval: whom, what, until when. */
export class Ask {
  constructor(private readonly prepareRun: PrepareRun, private readonly clock: Clock, private readonly ids: Ids) {}

  async asked(run: Run, move: Extract<Move, { kind: 'ask' }>): Promise<RunEvent> {
    const preparation = move.preparation ?? run.preparation;
    const question = CHECKPOINT_RULES[move.checkpoint].question({
      run, reason: move.reason, preparation, context: move.context,
      schema: await this.prepareRun.editSchema(run, preparation),
    });
    const now = this.clock.now();
    const approval: Approval = {
      ...question,
      approvalId: this.ids.next(),
      runId: run.runId, tenantId: run.tenantId, userId: run.userId, sessionId: run.sessionId,
      checkpoint: move.checkpoint,
      status: 'pending', decision: null,
      payload: preparation?.payload ?? null,
      payloadHash: preparation?.payloadHash ?? null,
      requestedAt: now,
      expiresAt: addMs(now, run.config.timeoutSeconds * 1000),
      onTimeout: run.config.onTimeout,
      timeoutSeconds: run.config.timeoutSeconds,
      extensions: 0, claimedBy: null, requestId: null,
    };
    const { booking, cost } = move;
    return {
      type: 'asked', approval, ...(booking && { booking }), ...(cost && { cost }),
      ...(move.preparation && run.step === 'information_review' ? { preparation: move.preparation } : {}),
    };
  }
}
