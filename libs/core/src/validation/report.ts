import type { Json, JsonObject } from '../json';

export type IssueCode =
  | 'missing_required' | 'not_in_enum' | 'out_of_range' | 'wrong_type'
  | 'wrong_media_type' | 'too_many_files' | 'ambiguous_attachment'
  | 'not_a_url' | 'file_unreachable' | 'file_too_large' | 'address_not_allowed'
  | 'invalid_combination' | 'unknown_field'
  | 'prompt_too_short' | 'prompt_lacks_instruction' | 'text_too_long'
  | 'model_unknown' | 'model_mismatch';

export type Severity = 'error' | 'warning' | 'info';

/** One root problem of a request. `error` blocks, the others never do. */
export interface Issue {
  code: IssueCode;
  /** Name of the form field, or `model`, `prompt`, `attachments`. */
  field: string;
  severity: Severity;
  /** The problem in a few words. */
  issue: string;
  /** A sentence for a person; names the field. */
  message: string;
  /** What a person can do about it. */
  suggested_fix: string;
  auto_fixable: boolean;
  /** Allowed values, limits, type, any-of group, the clamped value on offer, the attachment's name. */
  details?: JsonObject;
}

export const CHECKPOINT_TYPES = [
  'parameter_review', 'input_validation', 'file_validation', 'model_selection', 'execution_approval',
] as const;
/** The five validation checkpoints, always in this order. */
export type CheckpointType = (typeof CHECKPOINT_TYPES)[number];

export interface CheckpointResult {
  type: CheckpointType;
  title: string;
  description: string;
  required: boolean;
  passed: boolean;
  /** required and has an error */
  blocking: boolean;
  user_input_required: boolean;
  issues: Issue[];
}

export interface MissingInputs {
  text: string[];
  image: string[];
  audio: string[];
  video: string[];
  file: string[];
}

export interface SuggestedAction {
  field: string;
  issue: string;
  action: string;
  priority: 'high' | 'medium' | 'low';
}

/** On the wire `validation_summary`: the same object in store, REST and sockets. */
export interface ValidationSummary {
  total_checkpoints: number;
  passed_checkpoints: number;
  failed_checkpoints: number;
  blocking_checkpoints: number;
  total_issues: number;
  blocking_issues: number;
  ready_for_execution: boolean;
  user_friendly_message: string;
  missing_inputs: MissingInputs;
  suggested_actions: SuggestedAction[];
  checkpoints: CheckpointResult[];
}

/** One repair made without asking; shown before/after. */
export interface Fix {
  field: string;
  from_field?: string;
  before: Json;
  after: Json;
  rule: string;
  /** The remembered change that a person switched on, where that is the rule. */
  memory_id?: string;
}

/** Which attachment went to which field (a list for array fields, in order). */
export type Mapping = Record<string, string | string[]>;
