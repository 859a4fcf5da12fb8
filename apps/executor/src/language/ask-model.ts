/*
 * What this is: puts questions that are on record to the language model, where there is one.
 * Invariants: a question is sent once and within the budget, whoever rings how often; whatever goes wrong ends the question,
 * and everything goes on by rule; a model never decides (9): the answer is kept, others judge it.
 * To extend: a new purpose is a line in PURPOSES; the compiler asks for it.
 */
import {
  addMs, topics, type Approval, type ApprovalStore, type Bell, type CallOutcome, type CallPurpose, type Clock, type Json, type LanguageModel, type LiveState,
  type ModelBudget, type ModelCall, type ModelCalls, type ModelQuestion,
} from '@countersign/core';
import { bell, type Doorbells } from '@countersign/queues';
import type { Logger } from '@countersign/service-kit';
import { readQuestion } from './read-question';
import { fitWording, wordQuestion } from './word-question';

export interface ModelTerms {
  /** Null: the house has none. */
  model: LanguageModel | null;
  budget: ModelBudget;
  timeoutMs: number;
  logger: Logger;
}

export interface ModelRecords {
  approvals: ApprovalStore;
  calls: ModelCalls;
}

/** A wording that comes later than this helps nobody, ms. */
const WORDING_WITHIN_MS = 60_000;
/** Questions one process puts at a time: launches share its hands, and slow answers must not fill them. */
const AT_ONCE = 8;
/** Characters to a token, on the safe side: three of plain English, fewer of other scripts are caught by the provider's own count. */
const CHARACTERS_PER_TOKEN = 3;

interface Purpose {
  question(approval: Approval, words: string | null, timeoutMs: number): ModelQuestion<Json> | null;
  /** The answer as it is kept; null when it does not do. */
  fit(approval: Approval, answer: Json): Json | null;
  /** Wakes whoever acts on the answer, beside those who watch the run. */
  bells(call: ModelCall): Bell[];
}

const PURPOSES: Record<CallPurpose, Purpose> = {
  wording: {
    question: (approval, _words, timeoutMs) => wordQuestion(approval, timeoutMs),
    fit: (approval, answer) => {
      const message = fitWording(approval, answer);
      return message === null ? null : { message };
    },
    bells: ({ runId, approvalId, callId }) => [bell('approval.worded', { run_id: runId, approval_id: approvalId, call_id: callId })],
  },
  reading: { question: readQuestion, fit: (_approval, answer) => answer, bells: () => [] },
};

export class AskModel {
  private asking = 0;

  constructor(
    private readonly records: ModelRecords,
    private readonly doorbells: Doorbells,
    private readonly live: LiveState,
    private readonly clock: Clock,
    private readonly terms: ModelTerms,
  ) {}

  /** Whoever has words to be read looks here first. */
  async announce(): Promise<void> {
    await this.records.calls.announce(this.terms.model?.name ?? null);
  }

  /** Asks for a better wording of the approval's question. Its call has the approval's own id, so there is one. */
  async word({ run_id: runId, approval_id: approvalId }: { run_id: string; approval_id: string }): Promise<void> {
    if (!this.terms.model) return;
    const askedAt = this.clock.now();
    await this.records.calls.request({ callId: approvalId, runId, approvalId, purpose: 'wording', words: null, askedAt, until: addMs(askedAt, WORDING_WITHIN_MS) }, []);
    await this.ask(approvalId);
  }

  async ask(callId: string): Promise<void> {
    const call = await this.records.calls.find(callId);
    if (!call || call.outcome !== null) return;
    const leftMs = Date.parse(call.until) - Date.parse(this.clock.now());
    if (leftMs <= 0) return this.over(call, 'too_late');
    if (!this.terms.model) return this.over(call, 'no_model');
    const approval = await this.records.approvals.find(call.approvalId);
    const question = approval?.status === 'pending' ? PURPOSES[call.purpose].question(approval, call.words, Math.min(leftMs, this.terms.timeoutMs)) : null;
    if (!approval || !question) return this.over(call, 'unfit');
    if (this.asking >= AT_ONCE) return this.over(call, 'over_budget');
    this.asking += 1;
    try {
      await this.put(call, approval, { model: this.terms.model, question });
    } finally {
      this.asking -= 1;
    }
  }

  private async put(call: ModelCall, approval: Approval, { model, question }: { model: LanguageModel; question: ModelQuestion<Json> }): Promise<void> {
    const begun = await this.records.calls.begin(call.callId, { model: model.name, tokens: tokensAtMost(question), at: this.clock.now() }, this.terms.budget);
    // Somebody else has sent it: it ends there, or after its time by the sweeper.
    if (begun === 'taken') return;
    if (begun === 'over_budget') return this.over(call, 'over_budget');
    const answer = await model.ask(question);
    if (!answer.ok) {
      this.terms.logger.warn({ call_id: call.callId, run_id: call.runId, purpose: call.purpose, model: model.name, reason: answer.reason, detail: answer.detail }, 'the language model gave no answer; the rules stand');
      return this.over(call, answer.reason, { tokens: answer.tokens });
    }
    const kept = PURPOSES[call.purpose].fit(approval, answer.value);
    await this.over(call, kept === null ? 'unfit' : 'answered', { answer: kept, tokens: answer.tokens });
  }

  private async over(call: ModelCall, outcome: CallOutcome, { answer = null, tokens = null }: { answer?: Json; tokens?: number | null } = {}): Promise<void> {
    const bells = outcome === 'answered' ? PURPOSES[call.purpose].bells(call) : [];
    const end = await this.records.calls.end(call.callId, { outcome, answer, tokens, at: this.clock.now() }, bells);
    await this.doorbells.ring(end.bells);
    await this.live.signal(topics.run(call.runId), { kind: 'approval', approvalId: call.approvalId }).catch(() => undefined);
  }
}

function tokensAtMost({ instructions, material, schema, maxOutputTokens }: ModelQuestion<Json>): number {
  return Math.ceil((instructions.length + JSON.stringify(material).length + JSON.stringify(schema).length) / CHARACTERS_PER_TOKEN) + maxOutputTokens;
}
