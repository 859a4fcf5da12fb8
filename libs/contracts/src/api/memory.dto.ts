import { IsIn, IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { TextField } from './api-fields';
import { NAME_MAX } from './limits';
import { PageQueryDto } from './list-query.dto';

export class MemoriesQueryDto extends PageQueryDto {
  @TextField('Only of this provider.', { optional: true, example: 'replicate' })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  provider?: string;

  @TextField('Only of this model.', { optional: true, example: 'black-forest-labs/flux-schnell' })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  model?: string;
}

/** Whose memory of which model is deleted: nothing is guessed but the user, who is the caller when nobody is named. */
export class ForgetQueryDto {
  @TextField('Provider of the model.', { example: 'replicate' })
  @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  provider: string;

  @TextField('The model; all its versions.', { example: 'black-forest-labs/flux-schnell' })
  @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  model: string;

  @TextField('Whose; the caller\'s own when absent.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;
}

/** What a person can make of an entry. */
const SETTABLE_STATES = ['proposed', 'muted', 'always'] as const;
export type SettableState = (typeof SETTABLE_STATES)[number];

export class MemoryStateDto {
  @TextField('`always` switches the rule on, `muted` ends the proposals, `proposed` takes either back.', { enum: SETTABLE_STATES, example: 'always' })
  @IsIn(SETTABLE_STATES)
  state: SettableState;

  @TextField('Who says so, where no key does (AUTH_MODE=local); ignored otherwise.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;
}
