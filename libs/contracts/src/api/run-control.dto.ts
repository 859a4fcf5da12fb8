import type { JsonObject, Step } from '@countersign/core';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsNotEmpty, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { FlagField, JsonField, TextField } from './api-fields';
import { NAME_MAX, WORDS_MAX } from './limits';

/** Body of pause, resume and cancel; may be left out. */
export class RunControlDto {
  @TextField('Why, for the run\'s history.', { optional: true, maxLength: WORDS_MAX })
  @IsOptional() @IsString() @MaxLength(WORDS_MAX)
  reason?: string;

  @TextField('Who asks, where no key says so (AUTH_MODE=local).', { optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  user_id?: string;
}

export class RetryDto extends RunControlDto {
  @JsonField('Input fields to change before running again.', { optional: true, example: { prompt: 'a red fox' } })
  @IsOptional() @IsObject()
  edits?: JsonObject;
}

/** Steps from which a run can begin again: the result of another run is not its own. */
const FORK_STEPS = ['created', 'information_review', 'payload_review', 'api_call'] as const satisfies readonly Step[];
export type ForkStep = (typeof FORK_STEPS)[number];

export class ForkDto {
  @TextField('Step from which the new run starts. `created` and `information_review`: the request as it came. `payload_review`: with what people changed. `api_call`: exactly this payload and version.', { enum: FORK_STEPS, example: 'payload_review' })
  @IsIn(FORK_STEPS)
  from_step: ForkStep;

  @JsonField('Input fields to change in the new run. Not with `api_call`: another payload begins at `payload_review`.', { optional: true })
  @IsOptional() @IsObject()
  edits?: JsonObject;
}

export class TeamsQueryDto {
  @FlagField('Start a guarded run instead of waiting for the result.', { optional: true, default: false })
  @IsOptional() @Transform(({ value }: { value: unknown }) => readFlag(value)) @IsBoolean()
  enable_hitl?: boolean;

  @TextField('For whom; wins over the body.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;

  @TextField('The chat session; wins over the body.', { optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  session_id?: string;
}

/** Python callers write `True`. */
function readFlag(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const word = value.toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' || word === '' ? false : value;
}
