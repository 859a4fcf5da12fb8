import type { CheckpointResult, CheckpointType, Form, Issue, IssueCode } from '@countersign/core';

export interface CheckpointFacts { form: Form | null; hasFiles: boolean; issues: readonly Issue[] }

/** One checkpoint: the codes it answers for, and when it is required at all. */
export interface Checkpoint {
  type: CheckpointType;
  title: string;
  description: string;
  codes: readonly IssueCode[];
  isRequired: (facts: CheckpointFacts) => boolean;
}

/** A checkpoint blocks iff it is required and has an error. */
export function resultOf(checkpoint: Checkpoint, facts: CheckpointFacts): CheckpointResult {
  const issues = facts.issues.filter((issue) => checkpoint.codes.includes(issue.code));
  const hasError = issues.some((issue) => issue.severity === 'error');
  const required = checkpoint.isRequired(facts) || hasError;
  return {
    type: checkpoint.type, title: checkpoint.title, description: checkpoint.description, required,
    passed: issues.length === 0, blocking: required && hasError, user_input_required: hasError, issues,
  };
}
