import { ApproveDto, NAME_MAX, PendingApprovalsQueryDto } from '@countersign/contracts';
import { IsNotEmpty, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

/** `approval.decide`: as REST approve. */
export class DecideBodyDto extends ApproveDto {}

/** `approvals.list`: filters as REST. */
export class ListBodyDto extends PendingApprovalsQueryDto {}

/** `approval.claim`, `approval.release`. */
export class ClaimBodyDto {
  @IsUUID() approval_id: string;
}

/** `subscribe`, `unsubscribe`: one of the two. */
export class SubscribeBodyDto {
  @IsOptional() @IsUUID()
  run_id?: string;

  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX)
  session_id?: string;
}
