import { ON_TIMEOUT, POLICIES, STEPS } from '@countersign/core';
import { FlagField, JsonField, NumberField, TextField, TextListField, WholeField } from './api-fields';

/** How a run is guarded, with every default filled in. */
export class HitlConfigView {
  @TextField('When a person is asked.', { enum: POLICIES }) policy: string;
  @TextListField('Steps at which the policy may ask; empty = all.', { enum: STEPS }) allowed_steps: string[];
  @WholeField('How long an approval waits, seconds.', { example: 3600 }) timeout_seconds: number;
  @TextField('What happens when nobody answers.', { enum: ON_TIMEOUT }) on_timeout: string;
  @NumberField('`auto_with_thresholds` asks below it.', { example: 0.9 }) auto_approve_confidence_threshold: number;
  @JsonField('`{response_quality_min}`', { example: { response_quality_min: 0.7 } }) review_thresholds: { response_quality_min: number };
  @TextListField('Flags on a payload or a result that ask a person under `auto_with_thresholds`.') require_approval_safety_flags: string[];
  @WholeField('More fixes than this ask a person.', { example: 5 }) max_payload_changes: number;
  @WholeField('Seconds for which an approval is good: a launch later than that asks again.', { example: 900 }) execute_within_seconds: number;
  @FlagField('Output is passed on while it is being made.') enable_streaming: boolean;
  @FlagField('A language model may word questions and read answers in words.') use_natural_language_hitl: boolean;
}
