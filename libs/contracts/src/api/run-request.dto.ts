import { EXECUTE_WITHIN_DEFAULT_SECONDS, ON_TIMEOUT, POLICIES, STEPS, type JsonObject, type OnTimeout, type PolicyName, type Step } from '@countersign/core';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize, IsArray, IsBoolean, IsIn, IsInt, IsNotEmpty, IsNumber, IsObject, IsOptional, IsString, Max, MaxLength, Min, ValidateNested,
} from 'class-validator';
import { FlagField, JsonField, NumberField, ObjectField, TextField, TextListField, WholeField } from './api-fields';
import { EXECUTE_WITHIN_MAX_SECONDS, NAME_MAX, TIMEOUT_MAX_SECONDS } from './limits';
import { RunInputDto } from './run-input.dto';

/** Safety flags and fixes that may be named: far more than there are. */
const LIST_MAX = 100;

export class ReviewThresholdsDto {
  @NumberField('A result below this quality asks a person.', { optional: true, default: 0.7, minimum: 0, maximum: 1 })
  @IsOptional() @IsNumber() @Min(0) @Max(1)
  response_quality_min?: number;
}

/** How a run is guarded. */
export class HitlConfigDto {
  @TextField('When a person is asked. Blocking problems ask under every policy.', { optional: true, enum: POLICIES, default: 'auto', example: 'require_human' })
  @IsOptional() @IsIn(POLICIES)
  policy?: PolicyName;

  @TextListField('Steps at which the policy may ask; empty = all.', { optional: true, enum: STEPS, default: [] })
  @IsOptional() @IsArray() @ArrayMaxSize(STEPS.length) @IsIn(STEPS, { each: true })
  allowed_steps?: Step[];

  @WholeField('How long an approval waits, seconds.', { optional: true, default: 3600, minimum: 1, maximum: TIMEOUT_MAX_SECONDS })
  @IsOptional() @IsInt() @Min(1) @Max(TIMEOUT_MAX_SECONDS)
  timeout_seconds?: number;

  @TextField('What happens when nobody answers.', { optional: true, enum: ON_TIMEOUT, default: 'reject' })
  @IsOptional() @IsIn(ON_TIMEOUT)
  on_timeout?: OnTimeout;

  @NumberField('`auto_with_thresholds` asks below this confidence.', { optional: true, default: 0.9, minimum: 0, maximum: 1 })
  @IsOptional() @IsNumber() @Min(0) @Max(1)
  auto_approve_confidence_threshold?: number;

  @ObjectField(() => ReviewThresholdsDto, 'Limits below which a result asks.', { optional: true })
  @IsOptional() @IsObject() @ValidateNested() @Type(() => ReviewThresholdsDto)
  review_thresholds?: ReviewThresholdsDto;

  @TextListField('Flags on a payload or a result that ask a person under `auto_with_thresholds`.', { optional: true, default: ['nsfw', 'pii', 'copyright'] })
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @IsString({ each: true }) @MaxLength(NAME_MAX, { each: true })
  require_approval_safety_flags?: string[];

  @WholeField('`auto_with_thresholds` asks when more fixes than this were made.', { optional: true, default: 5, minimum: 0 })
  @IsOptional() @IsInt() @Min(0)
  max_payload_changes?: number;

  @WholeField('Seconds for which an approval is good: a launch later than that asks again, and shows what changed.', { optional: true, default: EXECUTE_WITHIN_DEFAULT_SECONDS, minimum: 1, maximum: EXECUTE_WITHIN_MAX_SECONDS })
  @IsOptional() @IsInt() @Min(1) @Max(EXECUTE_WITHIN_MAX_SECONDS)
  execute_within_seconds?: number;

  @FlagField('Pass output on while it is being made.', { optional: true, default: false })
  @IsOptional() @IsBoolean()
  enable_streaming?: boolean;

  @FlagField('Let a language model word questions and read answers in words. It never decides.', { optional: true, default: true })
  @IsOptional() @IsBoolean()
  use_natural_language_hitl?: boolean;
}

export class RunRequestDto {
  @ObjectField(() => RunInputDto, 'What is to be run.')
  @IsObject() @ValidateNested() @Type(() => RunInputDto)
  run_input: RunInputDto;

  @JsonField('Kept with the run; its keys win over `run_input`.', { optional: true })
  @IsOptional() @IsObject()
  original_input?: JsonObject;

  @ObjectField(() => HitlConfigDto, 'How the run is guarded.', { optional: true })
  @IsOptional() @IsObject() @ValidateNested() @Type(() => HitlConfigDto)
  hitl_config?: HitlConfigDto;

  @TextField('For whom the run is started; wins over `run_input.user_id`.', { optional: true, example: 'user123' })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;

  @TextField('The chat session; wins over `run_input.session_id`.', { optional: true, example: 'session456' })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  session_id?: string;
}
