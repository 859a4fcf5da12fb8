import type { JsonObject } from '../json';
import type { Approval, Decision } from '../approval/approval';
import type { RunEvent } from '../run/events';
import type { Preparation, Run } from '../run/run';
import type { Action, Checkpoint } from '../run/words';

/** What a checkpoint needs to word its question. */
export interface QuestionFacts {
  run: Run;
  /** Why the gate asks. */
  reason: string;
  preparation: Preparation | null;
  /** JSON Schema of the model's editable fields. */
  schema: JsonObject;
  /** More to show on the card, e.g. what the provider refused. */
  context: JsonObject;
}

/** The part of an approval that the checkpoint decides about. */
export type Question = Pick<Approval, 'title' | 'message' | 'context' | 'schema' | 'allowedActions'>;

/** Everything that makes a checkpoint: one file each, listed in checkpoints.ts. */
export interface CheckpointRule {
  readonly type: Checkpoint;
  /** Answers after which the model runs (again), so that money is needed. */
  readonly launchesOn: readonly Action[];
  /** Its question may be said better by a language model; what it lists stays. */
  readonly mayBeWorded?: true;
  question(facts: QuestionFacts): Question;
  /** What the run does about an answer. */
  consequence(run: Run, approval: Approval, decision: Decision): RunEvent;
}

/** Consent of a person to the payload as decided: edited when the decision edited it, else as shown. */
export function consentOf(run: Run, approval: Approval, decision: Decision): RunEvent {
  const preparation = decision.preparation ?? run.preparation;
  return {
    type: 'approved',
    ...(decision.preparation ? { preparation: decision.preparation, edits: decision.edits } : {}),
    consent: {
      payloadHash: preparation?.payloadHash ?? '', by: decision.by, approvalId: approval.approvalId, at: decision.at,
    },
  };
}

/** Words change the payload: it is made anew, and shown again before it runs. */
export function proposalOf(approval: Approval, { edits, by, message, understood, readBy }: Decision): RunEvent {
  return {
    type: 'revised', edits, by,
    proposal: { message: message ?? '', by, understood: understood ?? [], ...(readBy === undefined ? {} : { readBy }), before: approval.payload?.input ?? {} },
  };
}

export function rejection(decision: Decision): RunEvent {
  return { type: 'rejected', by: decision.by, reason: decision.reason ?? 'no reason given' };
}

/** What every payload card shows. */
export function payloadContext(facts: QuestionFacts): JsonObject {
  const { preparation } = facts;
  return {
    ...facts.context,
    reason: facts.reason,
    ...(preparation && {
      fixes: preparation.fixes.map((fix) => ({ ...fix })),
      mapping: preparation.mapping,
      dropped: preparation.dropped,
      diff_from_defaults: preparation.diff.map((entry) => ({ ...entry })),
      estimate: preparation.estimate && { ...preparation.estimate },
      confidence: { ...preparation.confidence },
      flags: (preparation.flags ?? []).map((flag) => ({ ...flag })),
      validation_summary: JSON.parse(JSON.stringify(preparation.summary)) as JsonObject,
    }),
  };
}

export const PAYLOAD_ACTIONS: Action[] = ['approve', 'edit', 'respond', 'reject'];
