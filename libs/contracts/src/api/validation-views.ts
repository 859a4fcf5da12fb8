import { CHECKPOINT_TYPES, type CheckpointResult, type CheckpointType, type Issue, type IssueCode, type JsonObject, type MissingInputs, type Severity, type SuggestedAction, type ValidationSummary } from '@countersign/core';
import { FlagField, JsonField, ListField, ObjectField, TextField, TextListField, WholeField } from './api-fields';

export class IssueView implements Issue {
  @TextField('Stable name of the problem.', { example: 'missing_required' }) code: IssueCode;
  @TextField('Form field, or `model`, `prompt`, `attachments`.', { example: 'image' }) field: string;
  @TextField('`error` blocks, the others never do.', { enum: ['error', 'warning', 'info'] }) severity: Severity;
  @TextField('The problem in a few words.', { example: 'is missing' }) issue: string;
  @TextField('A sentence for a person.', { example: '“image” is needed.' }) message: string;
  @TextField('What a person can do about it.', { example: 'Attach a picture.' }) suggested_fix: string;
  @FlagField('Whether code could repair it.') auto_fixable: boolean;
  @JsonField('Allowed values, limits, type.', { optional: true }) details?: JsonObject;
}

export class MissingInputsView implements MissingInputs {
  @TextListField('Fields that want text.') text: string[];
  @TextListField('Fields that want a picture.') image: string[];
  @TextListField('Fields that want sound.') audio: string[];
  @TextListField('Fields that want a film.') video: string[];
  @TextListField('Fields that want another file.') file: string[];
}

export class SuggestedActionView implements SuggestedAction {
  @TextField('Form field.') field: string;
  @TextField('The problem in a few words.') issue: string;
  @TextField('What to do.') action: string;
  @TextField('What to do first.', { enum: ['high', 'medium', 'low'] }) priority: 'high' | 'medium' | 'low';
}

export class CheckpointResultView implements CheckpointResult {
  @TextField('Always all five, in this order.', { enum: CHECKPOINT_TYPES }) type: CheckpointType;
  @TextField('For a heading.') title: string;
  @TextField('What is checked.') description: string;
  @FlagField('Whether an error here blocks.') required: boolean;
  @FlagField('No issue at all.') passed: boolean;
  @FlagField('Required, and has an error.') blocking: boolean;
  @FlagField('A person has to supply something.') user_input_required: boolean;
  @ListField(() => IssueView, 'What was found.') issues: Issue[];
}

/** The five checkpoints of a request, with everything that was found. */
export class ValidationSummaryView implements ValidationSummary {
  @WholeField('Always five.', { example: 5 }) total_checkpoints: number;
  @WholeField('Without any issue.', { example: 5 }) passed_checkpoints: number;
  @WholeField('With an issue.', { example: 0 }) failed_checkpoints: number;
  @WholeField('That stop the run.', { example: 0 }) blocking_checkpoints: number;
  @WholeField('Issues of all severities.', { example: 0 }) total_issues: number;
  @WholeField('Issues that stop the run.', { example: 0 }) blocking_issues: number;
  @FlagField('Nothing blocks.') ready_for_execution: boolean;
  @TextField('All of it in a sentence or two.', { example: 'Everything is there.' }) user_friendly_message: string;
  @ObjectField(() => MissingInputsView, 'What is missing, by kind.') missing_inputs: MissingInputs;
  @ListField(() => SuggestedActionView, 'What to do, most urgent first.') suggested_actions: SuggestedAction[];
  @ListField(() => CheckpointResultView, 'The checkpoints, in order.') checkpoints: CheckpointResult[];
}
