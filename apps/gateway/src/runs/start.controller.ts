import { RunRequestDto, RunStartedView, ValidateView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import { Reply } from '../http/answers/reply';
import { ExplainRun } from './explain-run';
import { StartDoor } from './start-door';

const IDEMPOTENCY = { name: 'Idempotency-Key', required: false, description: 'The same key with the same body names the same run.' };

@ApiTags('runs')
@Controller('hitl')
export class StartController {
  constructor(private readonly door: StartDoor, private readonly explainRun: ExplainRun) {}

  @Post('run')
  @ApiOperation({ summary: 'Start a run' })
  @ApiBody({ type: RunRequestDto })
  @ApiHeader(IDEMPOTENCY)
  @ApiCreatedResponse({ type: RunStartedView, headers: { Location: { description: 'The run.', schema: { type: 'string' } } } })
  @ApiOkResponse({ type: RunStartedView, description: 'The run that this Idempotency-Key started earlier.' })
  @Problems('TOOL_NOT_SUPPORTED', 'PROVIDER_NOT_FOUND', 'IDEMPOTENCY_CONFLICT', ...OF_BODIES)
  start(@Caller() principal: Principal, @Body() request: RunRequestDto, @Headers('Idempotency-Key') key?: string): Promise<Reply<RunStartedView>> {
    return this.door.start(principal, request, key);
  }

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Explain before asking', description: 'What a run of this request would do; nothing is created.' })
  @ApiBody({ type: RunRequestDto })
  @ApiOkResponse({ type: ValidateView })
  @Problems('TOOL_NOT_SUPPORTED', 'PROVIDER_NOT_FOUND', ...OF_BODIES)
  validate(@Caller() principal: Principal, @Body() request: RunRequestDto): Promise<ValidateView> {
    return this.explainRun.explain(principal, request);
  }
}
