import type { Action, Checkpoint } from '@countersign/core';

interface CheckpointWords {
  label: string;
  /** The title and message are the requester's own words, not ours. */
  isClaimed: boolean;
  /** So are the values of the form. */
  isFormClaimed: boolean;
  approve: string;
  fields: string;
}

const WORDS: Record<Checkpoint, CheckpointWords> = {
  validation_review: { label: 'Something is missing', isClaimed: false, isFormClaimed: true, approve: 'Approve', fields: 'Complete the input' },
  payload_suggestion: { label: 'Before it runs', isClaimed: false, isFormClaimed: true, approve: 'Approve and run', fields: 'What will run' },
  response_review: { label: 'Result to review', isClaimed: false, isFormClaimed: false, approve: 'Keep the result', fields: 'Change the answer, or the input for another try' },
  browser_action: { label: 'Browser action', isClaimed: true, isFormClaimed: true, approve: 'Approve', fields: 'Values the agent will use' },
  error_recovery: { label: 'It did not run', isClaimed: false, isFormClaimed: true, approve: 'Approve', fields: 'What was sent' },
  execution_unknown: { label: 'Unclear whether it ran', isClaimed: false, isFormClaimed: false, approve: 'It ran: end here', fields: 'If it ran' },
};

const UNKNOWN: CheckpointWords = { label: 'Approval', isClaimed: true, isFormClaimed: true, approve: 'Approve', fields: 'Values' };

export function checkpointWords(type: string): CheckpointWords {
  return (WORDS as Record<string, CheckpointWords>)[type] ?? UNKNOWN;
}

/** In the order of the buttons. */
export const ACTION_ORDER: readonly Action[] = ['approve', 'edit', 'retry', 'respond', 'reject'];

export function actionLabel(action: Action, type: string): string {
  switch (action) {
    case 'approve': return checkpointWords(type).approve;
    case 'edit': return 'Send changes';
    case 'retry': return 'Run again';
    case 'respond': return 'Answer in words';
    case 'reject': return 'Reject';
  }
}

/** What a decision that somebody took is called. */
export const STATUS_WORDS: Record<string, string> = {
  pending: 'waiting', approved: 'approved', edited: 'changed and approved', rejected: 'rejected', responded: 'answered',
  expired: 'expired', cancelled: 'cancelled',
};
