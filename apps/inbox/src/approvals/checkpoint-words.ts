import type { Action, Checkpoint } from '@countersign/core';

interface CheckpointWords {
  label: string;
  /** The title and message are the requester's own words, not ours. */
  isClaimed: boolean;
  /** So are the values of the form. */
  isFormClaimed: boolean;
  approve: string;
  /** What an edit does, once a field was changed. */
  edit: string;
  fields: string;
}

const WORDS: Record<Checkpoint, CheckpointWords> = {
  validation_review: { label: 'Needs input', isClaimed: false, isFormClaimed: true, approve: 'Approve', edit: 'Send and check again', fields: 'Complete the input' },
  payload_suggestion: { label: 'Before it runs', isClaimed: false, isFormClaimed: true, approve: 'Approve and run', edit: 'Run with my changes', fields: 'What will run' },
  response_review: { label: 'Result to review', isClaimed: false, isFormClaimed: false, approve: 'Keep the result', edit: 'Keep with my changes', fields: 'Change the answer' },
  browser_action: { label: 'Browser action', isClaimed: true, isFormClaimed: true, approve: 'Approve', edit: 'Approve with my changes', fields: 'Values the agent will use' },
  error_recovery: { label: 'It did not run', isClaimed: false, isFormClaimed: true, approve: 'Approve', edit: 'Run with my changes', fields: 'What was sent' },
  execution_unknown: { label: 'Unclear whether it ran', isClaimed: false, isFormClaimed: false, approve: 'It ran: end here', edit: 'It ran: fetch the output', fields: 'If it ran' },
};

const UNKNOWN: CheckpointWords = { label: 'Approval', isClaimed: true, isFormClaimed: true, approve: 'Approve', edit: 'Send changes', fields: 'Values' };

export function checkpointWords(type: string): CheckpointWords {
  return (WORDS as Record<string, CheckpointWords>)[type] ?? UNKNOWN;
}

/** In the order of the buttons. */
export const ACTION_ORDER: readonly Action[] = ['approve', 'edit', 'retry', 'respond', 'reject'];

export function actionLabel(action: Action, type: string): string {
  switch (action) {
    case 'approve': return checkpointWords(type).approve;
    case 'edit': return checkpointWords(type).edit;
    case 'retry': return type === 'validation_review' ? 'Check again' : 'Run again';
    case 'respond': return 'Answer in words';
    case 'reject': return 'Reject';
  }
}

/** One key each, wherever nobody is typing. */
export const ACTION_KEYS: Readonly<Record<Action, string>> = { approve: 'a', edit: 'e', retry: 't', respond: 'w', reject: 'r' };

/** What a decision that somebody took is called. */
export const STATUS_WORDS: Record<string, string> = {
  pending: 'waiting', approved: 'approved', edited: 'changed and approved', rejected: 'rejected', responded: 'answered',
  expired: 'expired', cancelled: 'cancelled',
};
