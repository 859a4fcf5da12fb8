import { CHECKPOINTS, STATUSES, type Checkpoint, type Status } from '@countersign/core';
import { Transform, Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsISO8601, IsNotEmpty, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { IdField, TextField, TextListField, TimeField, WholeField } from './api-fields';
import { NAME_MAX, PAGE_DEFAULT, PAGE_MAX, WAIT_MAX_SECONDS } from './limits';

export class PageQueryDto {
  @WholeField('Entries a page.', { optional: true, default: PAGE_DEFAULT, minimum: 1, maximum: PAGE_MAX })
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(PAGE_MAX)
  limit?: number;

  @IdField('`next_cursor` of the page before.', { optional: true })
  @IsOptional() @IsUUID()
  cursor?: string;

  @TextField('Only of this user.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;
}

export class SessionPageQueryDto extends PageQueryDto {
  @TextField('Only of this chat session.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  session_id?: string;
}

export class ActiveRunsQueryDto extends SessionPageQueryDto {
  @TextField('Only of this provider.', { optional: true, example: 'replicate' })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  provider?: string;

  @TextField('Only of this model.', { optional: true, example: 'lucataco/remove-bg' })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  model?: string;

  @TimeField('Only younger ones.', { optional: true })
  @IsOptional() @IsISO8601({ strict: true })
  created_after?: string;

  @TimeField('Only older ones.', { optional: true })
  @IsOptional() @IsISO8601({ strict: true })
  created_before?: string;

  @TextField('Words looked for in prompt, model and ids.', { optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  q?: string;
}

export class RunsQueryDto extends ActiveRunsQueryDto {
  @TextListField('Only in these statuses; repeatable.', { optional: true, enum: STATUSES })
  @IsOptional() @Transform(({ value }: { value: unknown }) => (value === undefined || Array.isArray(value) ? value : [value]))
  @IsArray() @IsIn(STATUSES, { each: true })
  status?: Status[];
}

export class PendingApprovalsQueryDto extends SessionPageQueryDto {
  @IdField('Only of this run.', { optional: true })
  @IsOptional() @IsUUID()
  run_id?: string;

  @TextField('Only of this kind.', { optional: true, enum: CHECKPOINTS })
  @IsOptional() @IsIn(CHECKPOINTS)
  checkpoint_type?: Checkpoint;
}

export class ApprovalQueryDto {
  @WholeField('Answer when it is decided, or after this many seconds.', { optional: true, minimum: 0, maximum: WAIT_MAX_SECONDS, example: 30 })
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(WAIT_MAX_SECONDS)
  wait?: number;

  @TextField('Who asks, where no key says so (AUTH_MODE=local).', { optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  user_id?: string;
}

/** Query of routes that take nothing else. */
export class AskingQueryDto {
  @TextField('Who asks, where no key says so (AUTH_MODE=local).', { optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  user_id?: string;
}
