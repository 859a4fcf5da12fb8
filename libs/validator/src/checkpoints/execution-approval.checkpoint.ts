import type { CheckpointResult } from '@countersign/core';

/** The last gate has no problems of its own: it stands or falls with the four before it, and never asks because all is well. */
export function executionApproval(earlier: readonly CheckpointResult[]): CheckpointResult {
  const blocking = earlier.some((checkpoint) => checkpoint.blocking);
  return {
    type: 'execution_approval', title: 'Execution approval', description: 'The request may be sent.',
    required: true, passed: !blocking, blocking, user_input_required: blocking, issues: [],
  };
}
