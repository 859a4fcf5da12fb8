import type { Form, Issue, MissingInputs, SuggestedAction, ValidationSummary } from '@countersign/core';
import { resultOf, type Checkpoint, type CheckpointFacts } from './checkpoint';
import { executionApproval } from './execution-approval.checkpoint';
import { fileValidation } from './file-validation.checkpoint';
import { inputValidation } from './input-validation.checkpoint';
import { modelSelection } from './model-selection.checkpoint';
import { parameterReview } from './parameter-review.checkpoint';

/** In the order of CHECKPOINT_TYPES; the fifth is made from these four. */
const CHECKPOINTS: readonly Checkpoint[] = [parameterReview, inputValidation, fileValidation, modelSelection];
const PRIORITY = { error: 'high', warning: 'medium', info: 'low' } as const;
const MOST_NAMED = 3; // problems spelled out in the one-line message

function missingInputs(form: Form | null, issues: readonly Issue[]): MissingInputs {
  const missing: MissingInputs = { text: [], image: [], audio: [], video: [], file: [] };
  for (const issue of issues) {
    if (issue.code !== 'missing_required') continue;
    const group = issue.details?.['any_of'];
    for (const name of Array.isArray(group) ? group.map(String) : [issue.field]) {
      const role = form?.fields.find((field) => field.name === name)?.role;
      const media = role?.kind === 'file' ? role.media : null;
      const bucket = media === null ? 'text' : media === 'image' || media === 'audio' || media === 'video' ? media : 'file';
      if (!missing[bucket].includes(name)) missing[bucket].push(name);
    }
  }
  return missing;
}

function actions(issues: readonly Issue[]): SuggestedAction[] {
  const rank = { high: 0, medium: 1, low: 2 };
  return issues.map((issue) => ({ field: issue.field, issue: issue.issue, action: issue.suggested_fix, priority: PRIORITY[issue.severity] }))
    .sort((a, b) => rank[a.priority] - rank[b.priority]);
}

function friendly(issues: readonly Issue[]): string {
  const errors = issues.filter((issue) => issue.severity === 'error');
  if (errors.length === 0) {
    const warnings = issues.filter((issue) => issue.severity === 'warning').length;
    return warnings === 0 ? 'Ready to proceed.' : `Ready to proceed, with ${warnings === 1 ? 'one remark' : `${warnings} remarks`}.`;
  }
  const steps = errors.slice(0, MOST_NAMED).map(namedStep);
  const rest = errors.length > MOST_NAMED ? ` And ${errors.length - MOST_NAMED} more.` : '';
  return errors.length === 1 ? `One thing is needed before this can run: ${steps[0]}` : `${errors.length} things are needed before this can run: ${steps.join(' ')}${rest}`;
}

/** What to do, and where: “Give a number” alone leaves open for which field. */
function namedStep({ field, suggested_fix: step }: Issue): string {
  return field === '' || step.includes(field) ? step : `${field}: ${step}`;
}

/** The summary a person and every client sees. Each root issue is counted once. */
export function summarise(facts: CheckpointFacts): ValidationSummary {
  const { form, issues } = facts;
  const four = CHECKPOINTS.map((checkpoint) => resultOf(checkpoint, facts));
  const checkpoints = [...four, executionApproval(four)];
  const blocking = issues.filter((issue) => issue.severity === 'error').length;
  return {
    total_checkpoints: checkpoints.length,
    passed_checkpoints: checkpoints.filter((checkpoint) => checkpoint.passed).length,
    failed_checkpoints: checkpoints.filter((checkpoint) => !checkpoint.passed).length,
    blocking_checkpoints: checkpoints.filter((checkpoint) => checkpoint.blocking).length,
    total_issues: issues.length, blocking_issues: blocking, ready_for_execution: blocking === 0,
    user_friendly_message: friendly(issues), missing_inputs: missingInputs(form, issues), suggested_actions: actions(issues), checkpoints,
  };
}
