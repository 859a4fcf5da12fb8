import { ApproveDto, DecisionDto, DecisionView, RetryDto, RunControlView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { ApprovalIdPipe, RunIdPipe } from '../http/input/id-pipes';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import type { ProblemCode } from '../http/answers/problem';
import { DecideRun } from './decide-run';

const REFUSALS: ProblemCode[] = [
  'APPROVAL_NOT_FOUND', 'APPROVAL_ALREADY_DECIDED', 'APPROVAL_EXPIRED', 'STALE_PAYLOAD', 'ILLEGAL_STATE', 'IDEMPOTENCY_CONFLICT', 'MODEL_UNAVAILABLE', ...OF_BODIES,
];
const KEY = { name: 'Idempotency-Key', required: false, description: 'The same key with the same answer is answered as the first time; with another answer it is refused.' };
const SAME = 'The same answer of the same person again is answered as the first time.';

@ApiTags('approvals')
@Controller('hitl')
export class DecideController {
  constructor(private readonly decisions: DecideRun) {}

  @Post('run/:run_id/approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide the run\'s pending approval', description: SAME })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiHeader(KEY)
  @ApiBody({ type: ApproveDto })
  @ApiOkResponse({ type: DecisionView })
  @Problems('RUN_NOT_FOUND', ...REFUSALS)
  ofRun(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Body() body: ApproveDto, @Headers('Idempotency-Key') key?: string): Promise<DecisionView> {
    return this.decisions.ofRun(principal, runId, body, key);
  }

  @Post('approvals/:approval_id/decision')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decide an approval', description: SAME })
  @ApiParam({ name: 'approval_id', format: 'uuid' })
  @ApiHeader(KEY)
  @ApiBody({ type: DecisionDto })
  @ApiOkResponse({ type: DecisionView })
  @Problems(...REFUSALS)
  ofApproval(@Caller() principal: Principal, @Param('approval_id', ApprovalIdPipe) approvalId: string, @Body() body: DecisionDto, @Headers('Idempotency-Key') key?: string): Promise<DecisionView> {
    return this.decisions.ofApproval(principal, approvalId, body, key);
  }

  @Post('run/:run_id/retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Run a failed step again', description: 'The action `retry` on the pending approval, where that approval allows it.' })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiBody({ type: RetryDto, required: false })
  @ApiOkResponse({ type: RunControlView })
  @Problems('RUN_NOT_FOUND', ...REFUSALS)
  retry(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Body() body?: RetryDto): Promise<RunControlView> {
    return this.decisions.retry(principal, runId, body);
  }
}
