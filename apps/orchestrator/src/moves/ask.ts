import { addMs, CHECKPOINT_RULES, type Approval, type Clock, type Ids, type JsonObject, type Move, type Preparation, type Run, type RunEvent } from '@countersign/core';
import type { PrepareRun } from './prepare-run';

/** Words an approval: whom, what, until when. */
export class Ask {
  constructor(private readonly prepareRun: PrepareRun, private readonly clock: Clock, private readonly ids: Ids) {}

  async asked(run: Run, move: Extract<Move, { kind: 'ask' }>): Promise<RunEvent> {
    const preparation = await this.withFiles(run, move);
    const question = CHECKPOINT_RULES[move.checkpoint].question({
      run, reason: move.reason, preparation, context: move.context,
      schema: await this.prepareRun.editSchema(run, preparation),
    });
    const now = this.clock.now();
    const approval: Approval = {
      ...question,
      context: withReviewed(question.context, preparation),
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
      extensions: 0, claimedBy: null, claimedUntil: null, requestId: null,
    };
    const isNew = preparation !== null && (run.step === 'information_review' || preparation.files !== run.preparation?.files);
    const { booking, cost } = move;
    return { type: 'asked', approval, ...(booking && { booking }), ...(cost && { cost }), ...(isNew ? { preparation } : {}) };
  }

  /**
   * With the hashes of the files that a yes would be a yes to. After a launch they stay as they were when the payload was
   * looked at: running again is a yes to the same files.
   */
  private async withFiles(run: Run, { checkpoint, preparation: fresh }: Extract<Move, { kind: 'ask' }>): Promise<Preparation | null> {
    const preparation = fresh ?? run.preparation;
    if (!preparation || checkpoint === 'validation_review') return preparation;
    if (checkpoint !== 'payload_suggestion' && preparation.files) return preparation;
    const files = await this.prepareRun.files(run, preparation);
    return files.length > 0 ? { ...preparation, files } : preparation;
  }
}

function withReviewed(context: JsonObject, preparation: Preparation | null): JsonObject {
  return preparation?.files ? { ...context, files: preparation.files.map((file) => ({ ...file })) } : context;
}
