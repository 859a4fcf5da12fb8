import { ApprovalListView, ApprovalQueryDto, ApprovalView, PendingApprovalsQueryDto } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { HangUp } from '../http/answers/hang-up';
import { ApprovalIdPipe } from '../http/input/id-pipes';
import { Problems } from '../http/docs/problem-docs';
import { SeeApprovals } from './see-approvals';

@ApiTags('approvals')
@Controller('hitl/approvals')
export class ApprovalsController {
  constructor(private readonly approvals: SeeApprovals) {}

  @Get('pending')
  @ApiOperation({ summary: 'Pending approvals that the caller may decide', description: 'Oldest first.' })
  @ApiOkResponse({ type: ApprovalListView })
  @Problems('VALIDATION_FAILED')
  pending(@Caller() principal: Principal, @Query() query: PendingApprovalsQueryDto): Promise<ApprovalListView> {
    return this.approvals.pending(principal, query);
  }

  @Get(':approval_id')
  @ApiOperation({ summary: 'One approval', description: 'With `wait` the answer comes when it is decided: for workers without sockets.' })
  @ApiParam({ name: 'approval_id', format: 'uuid' })
  @ApiOkResponse({ type: ApprovalView })
  @Problems('APPROVAL_NOT_FOUND', 'VALIDATION_FAILED')
  one(@Caller() principal: Principal, @Param('approval_id', ApprovalIdPipe) approvalId: string, @Query() { wait }: ApprovalQueryDto, @HangUp() abort: AbortSignal): Promise<ApprovalView> {
    return this.approvals.one(principal, approvalId, { seconds: wait ?? 0, abort });
  }
}
