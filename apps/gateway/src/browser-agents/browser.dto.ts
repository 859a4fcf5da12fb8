import { AnyField, FlagField, IdField, JsonField, NAME_MAX, TextField, TIMEOUT_MAX_SECONDS, WholeField, WORDS_MAX } from '@countersign/contracts';
import type { Json, JsonObject } from '@countersign/core';
import { Allow, IsBoolean, IsDefined, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';

/** How long a browser agent waits for its answer unless it says so, seconds. */
export const DEFAULT_TIMEOUT_SECONDS = 300;

export class BrowserApprovalDto {
  @IdField('The run that the agent works for.')
  @IsUUID()
  run_id: string;

  @TextField('What the agent is about to do, for the person who decides.', { maxLength: WORDS_MAX, example: 'Submit the order form' })
  @IsString() @IsNotEmpty() @MaxLength(WORDS_MAX)
  action_description: string;

  @JsonField('What the agent sees; values of editable fields are taken from here.', { example: { url: 'https://shop.example/cart', selector: '#buy' } })
  @IsObject()
  browser_context: JsonObject;

  @TextField('Who is asked; the run\'s own user unless said.', { optional: true, example: 'user123' })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;

  @TextField('Chat session of the question; the run\'s own unless said.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  session_id?: string;

  @AnyField('Names that may be edited, or name → `{type, title, description, default, options, min, max}`. Unless said: action_description, selector, text, url, wait_time, screenshot.', { optional: true, example: ['selector', 'text'] })
  @IsOptional() @Allow()
  editable_fields?: Json;

  @WholeField('Seconds until the question expires.', { optional: true, default: DEFAULT_TIMEOUT_SECONDS, minimum: 1, maximum: TIMEOUT_MAX_SECONDS })
  @IsOptional() @IsInt() @Min(1) @Max(TIMEOUT_MAX_SECONDS)
  timeout_seconds?: number;

  @TextField('The agent\'s own id for this question: sent again, it gives the first question back.', { optional: true, maxLength: NAME_MAX })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  request_id?: string;
}

export class BrowserCompletionDto {
  @IdField('The run that the agent works for.')
  @IsUUID()
  run_id: string;

  @AnyField('What came of it: text or JSON, up to 10 000 characters.', { example: 'The order was placed' })
  @IsDefined()
  action_result: Json;

  @FlagField('Whether the action did what it should.', { optional: true })
  @IsOptional() @IsBoolean()
  success?: boolean;

  @TextField('Who reports, where no key says so (AUTH_MODE=local).', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;

  @TextField('Chat session.', { optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  session_id?: string;

  @TextField('The agent\'s own id for this report: sent again, it is not noted twice.', { optional: true, maxLength: NAME_MAX })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  request_id?: string;
}
