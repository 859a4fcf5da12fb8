import {
  ApprovalView, ApproveDto, FlagField, JsonField, ListField, NAME_MAX, ObjectField, PendingApprovalsQueryDto, ProblemView, TextField, WORDS_MAX,
} from '@countersign/contracts';
import type { JsonObject } from '@countersign/core';
import { Allow, IsNotEmpty, IsObject, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

export class RelayMessageDto {
  @TextField('`hitl_approval_response`, `hitl_list_pending` or `hitl_cancel_approval`.', { example: 'hitl_approval_response' })
  @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  type: string;

  @JsonField('A decision as REST approve, filters as the list of pending approvals, or `{approval_id, reason?}`.', { optional: true })
  @IsOptional() @IsObject()
  data?: JsonObject;
}

/** A decision, as outside WebSocket servers have always relayed it. */
export class RelayedAnswerDto extends ApproveDto {
  /** When the browser sent it; the decision's time is the one at which it came in here. */
  @Allow() timestamp?: unknown;

  @IsOptional() @IsString() @MaxLength(NAME_MAX)
  session_id?: string;
}

export class RelayedListDto extends PendingApprovalsQueryDto {}

export class RelayedCancelDto {
  @IsUUID() approval_id: string;

  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(WORDS_MAX)
  reason?: string;

  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  approved_by?: string;

  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  user_id?: string;
}

export class RelayReplyView {
  @TextField('`…_ack`, `hitl_pending_approvals` or `error`.', { example: 'hitl_approval_response_ack' }) type: string;
  @FlagField('False: refused, see `error`.', { optional: true }) success?: boolean;
  @TextField('The approval that was answered.', { optional: true, nullable: true }) approval_id?: string | null;
  @TextField('For people.', { optional: true }) message?: string;
  @ListField(() => ApprovalView, 'Pending approvals.', { optional: true }) data?: ApprovalView[];
  @ObjectField(() => ProblemView, 'Why it was refused; the HTTP status is the same.', { optional: true }) error?: ProblemView;
}
