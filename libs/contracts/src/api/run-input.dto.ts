import type { JsonObject } from '@countersign/core';
import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsObject, IsOptional, IsString, MaxLength, ValidateIf } from 'class-validator';
import { JsonField, JsonListField, TextField } from './api-fields';
import { IsAttachmentList } from './attachment-list';
import { ATTACHMENTS_MAX, MESSAGES_MAX, NAME_MAX, PROMPT_MAX } from './limits';

const isText = (_dto: unknown, value: unknown): boolean => typeof value !== 'object' || Array.isArray(value);

/** What is to be run. Only `prompt` and a tool (or `provider` and `model`) are needed. */
export class RunInputDto {
  @TextField('The user\'s own words; may be empty.', { example: 'Remove the background' })
  @IsString() @MaxLength(PROMPT_MAX)
  prompt: string;

  @TextField('Whose run it is.', { example: 'user123', optional: true })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;

  @TextField('For messages to the user.', { example: 'user@example.com', optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  user_email?: string;

  @TextField('Sender of such messages.', { example: 'agent@example.com', optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  agent_email?: string;

  @TextField('The chat session that this run belongs to.', { example: 'session456', optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  session_id?: string;

  @TextField('The caller\'s own kind of message.', { example: 'user_message', optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  message_type?: string;

  @TextField('The caller\'s own label; it decides nothing.', { optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  tenant?: string;

  @TextField('Id of a log of the caller\'s own.', { optional: true })
  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  log_id?: string;

  @JsonField('Tool id → entry, flat or nested under `data`. `example_input` describes the form; its values are never sent.', {
    optional: true,
    example: { 'replicate-agent-tool': { name: 'lucataco/remove-bg', description: 'Remove background', example_input: { image: 'https://example.com/in.png' } } },
  })
  @IsOptional() @IsObject()
  agent_tool_config?: JsonObject;

  @ApiProperty({ description: 'Accepted and kept.', required: false, oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: true }] })
  @IsOptional() @ValidateIf(isText) @IsString({ message: 'selected_llm must be text or an object' }) @MaxLength(NAME_MAX)
  selected_llm?: JsonObject | string;

  @JsonListField('Earlier messages, oldest first.', { optional: true, example: [{ role: 'user', content: 'Use the picture above' }] })
  @IsOptional() @IsArray() @ArrayMaxSize(MESSAGES_MAX) @IsObject({ each: true })
  conversation?: JsonObject[];

  @JsonListField('Accepted and kept.', { optional: true })
  @IsOptional() @IsArray() @ArrayMaxSize(MESSAGES_MAX) @IsObject({ each: true })
  chat_history?: JsonObject[];

  @ApiProperty({ description: 'Accepted and kept.', required: false, oneOf: [{ type: 'string' }, { type: 'object', additionalProperties: true }] })
  @IsOptional() @ValidateIf(isText) @IsString({ message: 'document_context must be text or an object' }) @MaxLength(PROMPT_MAX)
  document_context?: JsonObject | string;

  @TextField('One file by address; counts as an attachment.', { optional: true, example: 'https://files.example.com/brief.pdf' })
  @IsOptional() @IsString()
  document_url?: string;

  @JsonField('The user\'s own values, field → value.', { optional: true, example: { threshold: '0.5' } })
  @IsOptional() @IsObject()
  parameters?: JsonObject;

  @ApiProperty({
    description: 'Files by address (http, https, data URL, or an address of ours).', required: false, type: 'array',
    items: { oneOf: [{ type: 'string' }, { type: 'object', properties: { url: { type: 'string' }, name: { type: 'string' }, mime: { type: 'string' } }, required: ['url'] }] },
    example: ['https://files.example.com/cat.png', { url: 'https://files.example.com/m.png', name: 'mask.png', mime: 'image/png' }],
  })
  @IsOptional() @IsAttachmentList() @ArrayMaxSize(ATTACHMENTS_MAX)
  attachments?: (string | { url: string; name?: string; mime?: string })[];

  @TextField('Short form instead of `agent_tool_config`, together with `model`.', { optional: true, example: 'replicate' })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  provider?: string;

  @TextField('`owner/name` or `owner/name:version`.', { optional: true, example: 'lucataco/remove-bg' })
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  model?: string;
}

