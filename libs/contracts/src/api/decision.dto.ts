import { ACTIONS, type Action, type JsonObject } from '@countersign/core';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsNotEmpty, IsObject, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { FlagField, HashField, IdField, JsonField, TextField } from './api-fields';
import { NAME_MAX, WORDS_MAX } from './limits';

/** A decision addressed by approval: the id is in the path. */
export class DecisionDto {
  @TextField('What to do; the approval lists its `allowed_actions`.', { optional: true, enum: ACTIONS, example: 'approve' })
  @IsOptional() @IsIn(ACTIONS)
  action?: Action;

  @FlagField('Older spelling: true = approve, false = reject.', { optional: true })
  @IsOptional() @IsBoolean()
  approved?: boolean;

  @JsonField('Field → value, with `edit` or `retry`.', { optional: true, example: { threshold: 0.4 } })
  @IsOptional() @IsObject()
  edits?: JsonObject;

  @TextField('Needed with `reject`.', { optional: true, maxLength: WORDS_MAX, example: 'wrong picture' })
  @IsOptional() @IsString() @MaxLength(WORDS_MAX)
  reason?: string;

  @TextField('Words to keep with the decision. Needed with `respond`: there they are read as changes.', { optional: true, maxLength: WORDS_MAX })
  @IsOptional() @IsString() @MaxLength(WORDS_MAX)
  message?: string;

  @HashField('What the decider saw; when given it must be what is pending now.', { optional: true })
  @IsOptional() @Matches(/^[0-9a-f]{64}$/, { message: 'payload_hash must be 64 lower-case hex digits' })
  payload_hash?: string;

  @TextField('Who decides, where no key says so (AUTH_MODE=local); ignored otherwise.', { optional: true })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (typeof value === 'number' ? String(value) : value))
  @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  approved_by?: string;

  @TextField('As `approved_by`.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;
}

/** A decision that names its approval. */
export class ApproveDto extends DecisionDto {
  @IdField('The approval that is answered. There is no fall-back to the run\'s id.', { optional: true })
  @IsOptional() @IsUUID()
  approval_id?: string;

  @IdField('Older name of `approval_id`.', { optional: true })
  @IsOptional() @IsUUID()
  approval_token?: string;

  @IdField('When given, must be the run of the approval.', { optional: true })
  @IsOptional() @IsUUID()
  run_id?: string;
}
