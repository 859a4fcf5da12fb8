import { ClaimView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { ApprovalIdPipe } from '../http/input/id-pipes';
import type { ProblemCode } from '../http/answers/problem';
import { Problems } from '../http/docs/problem-docs';
import { ClaimApproval } from './claim-approval';

const REFUSALS: ProblemCode[] = ['APPROVAL_NOT_FOUND', 'APPROVAL_CLAIMED', 'APPROVAL_ALREADY_DECIDED', 'APPROVAL_EXPIRED', 'ILLEGAL_STATE', 'RATE_LIMITED'];
const ADVICE = 'Tells the others, as `approval.updated`; it keeps nobody from deciding. It ends after ten minutes, with a release or with the decision.';

@ApiTags('approvals')
@Controller('hitl/approvals/:approval_id')
@ApiParam({ name: 'approval_id', format: 'uuid' })
export class ClaimController {
  constructor(private readonly claims: ClaimApproval) {}

  @Post('claim')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say that you are looking at an approval', description: `${ADVICE} Claiming it again makes your claim last longer.` })
  @ApiOkResponse({ type: ClaimView })
  @Problems(...REFUSALS)
  claim(@Caller() principal: Principal, @Param('approval_id', ApprovalIdPipe) approvalId: string): Promise<ClaimView> {
    return this.claims.claim(principal, approvalId);
  }

  @Post('release')
  @HttpCode(200)
  @ApiOperation({ summary: 'Say that you no longer look at it', description: 'Ends your own claim; without one nothing changes.' })
  @ApiOkResponse({ type: ClaimView })
  @Problems(...REFUSALS)
  release(@Caller() principal: Principal, @Param('approval_id', ApprovalIdPipe) approvalId: string): Promise<ClaimView> {
    return this.claims.release(principal, approvalId);
  }
}
