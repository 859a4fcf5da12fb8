/*
 * What this is: words that no rule understands, read by the house's language model, where it has one.
 * Invariants: only the executor speaks to models: the words wait in Postgres, the doorbell has an id; the wait is bounded, and
 * after it, as after any failure, the answer is none and the rules stand; what is read is judged again here, and a model
 * never decides (9).
 */
import { addMs, Clock, Ids, isJsonObject, LiveState, ModelCalls, topics, type Approval, type Form, type Json, type JsonObject, type ModelCall } from '@countersign/core';
import { bell, Doorbells } from '@countersign/queues';
import { settleProposed, type ProposedEdit, type ReadByModel } from '@countersign/validator';
import { Injectable } from '@nestjs/common';
import { watchUntil } from '../http/answers/watch-until';

/** The person waits before a screen; models answer in one to five seconds. */
const WAIT_MS = 10_000;
/** Longer texts are refused by the rules already. */
const MAX_WORDS = 4_000;

@Injectable()
export class ReadWordsByModel {
  constructor(
    private readonly calls: ModelCalls,
    private readonly doorbells: Doorbells,
    private readonly live: LiveState,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The proposed edits, as the gate let them pass, and who read them; null when the rules stand. */
  async read(approval: Approval, form: Form, words: string): Promise<(ReadByModel & { readBy: string }) | null> {
    if (words.trim() === '' || words.length > MAX_WORDS || (await this.calls.announced()) === null) return null;
    const call = await this.answered(approval, words);
    if (call?.outcome !== 'answered' || call.model === null) return null;
    const read = settleProposed(form, words, proposedIn(call.answer));
    return read && { ...read, readBy: call.model };
  }

  private async answered({ runId, approvalId }: Approval, words: string): Promise<ModelCall | null> {
    const askedAt = this.clock.now();
    const callId = this.ids.next();
    const { call, bells } = await this.calls.request(
      { callId, runId, approvalId, purpose: 'reading', words, askedAt, until: addMs(askedAt, WAIT_MS) },
      [bell('model.ask', { call_id: callId })],
    );
    if (call.outcome !== null) return call;
    await this.doorbells.ring(bells);
    return watchUntil(this.live, { topic: topics.run(runId), timeoutMs: WAIT_MS, wakes: ({ kind }) => kind === 'approval' }, async () => {
      const now = await this.calls.find(call.callId);
      return now?.outcome ? now : null;
    });
  }
}

function proposedIn(answer: Json): ProposedEdit[] {
  const edits = isJsonObject(answer) && Array.isArray(answer.edits) ? answer.edits : [];
  const isEdit = (one: Json): one is JsonObject & { field: string; confidence: number; words: string; value: Json } =>
    isJsonObject(one) && typeof one.field === 'string' && typeof one.confidence === 'number' && typeof one.words === 'string' && one.value !== undefined;
  return edits.every(isEdit) ? edits : [];
}
