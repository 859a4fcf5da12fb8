import { MOST_USD, ON_UNKNOWN, type OnUnknown } from '@countersign/core';
import { IsIn, IsISO8601, IsNotEmpty, IsNumber, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { NumberField, TextField } from './api-fields';
import { NAME_MAX } from './limits';
import { AskingQueryDto } from './list-query.dto';

export class BudgetQueryDto extends AskingQueryDto {
  @TextField('The day, UTC; today when absent.', { optional: true, example: '2026-11-22' })
  @IsOptional() @IsISO8601({ strict: true }) @MaxLength(10)
  day?: string;
}

/** A cap of the whole tenant, or of one user. */
export class CapDto {
  @NumberField('Most that may be spent a day (UTC) without a person who says so, US dollars.', { minimum: 0, maximum: MOST_USD, example: 25 })
  @IsNumber() @Min(0) @Max(MOST_USD)
  amount_usd: number;

  @TextField('Whose cap; absent = the whole tenant.', { optional: true, example: 'user123', maxLength: NAME_MAX })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  for_user_id?: string;

  @TextField('What a run meets whose cost nobody can estimate: `ask` a person (it might pass the cap), or `allow` it.', { optional: true, enum: ON_UNKNOWN, default: 'ask' })
  @IsOptional() @IsIn(ON_UNKNOWN)
  unknown_estimate?: OnUnknown;
}

export class CapQueryDto extends AskingQueryDto {
  @TextField('Whose cap; absent = the whole tenant\'s.', { optional: true, example: 'user123' })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  for_user_id?: string;
}
