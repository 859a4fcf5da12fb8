import { AskingQueryDto, ForkDto, RunControlDto, RunControlView, RunStartedView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Body, Controller, Delete, Headers, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { RunIdPipe } from '../http/input/id-pipes';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import { Reply } from '../http/answers/reply';
import { CommandRun } from './command-run';
import { ForkRun } from './fork-run';

const RUN_ID = { name: 'run_id', format: 'uuid', description: 'The run.' };
const FORK_KEY = { name: 'Idempotency-Key', required: false, description: 'The same key with the same run and body names the same fork.' };
const NOTED = { type: RunControlView, description: 'Noted, and not done yet.' };

@ApiTags('runs')
@Controller('hitl/run/:run_id')
@ApiParam(RUN_ID)
export class ControlController {
  constructor(private readonly commands: CommandRun, private readonly forks: ForkRun) {}

  @Post('pause')
  @ApiOperation({ summary: 'Pause before the next step', description: 'A paused run starts no step and no provider call.' })
  @ApiBody({ type: RunControlDto, required: false })
  @ApiOkResponse({ type: RunControlView })
  @ApiAcceptedResponse(NOTED)
  @Problems('RUN_NOT_FOUND', 'ILLEGAL_STATE', ...OF_BODIES)
  pause(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Body() body?: RunControlDto): Promise<Reply<RunControlView>> {
    return this.commands.command(principal, runId, 'pause', body?.reason);
  }

  @Post('resume')
  @ApiOperation({ summary: 'Go on after a pause' })
  @ApiBody({ type: RunControlDto, required: false })
  @ApiOkResponse({ type: RunControlView })
  @ApiAcceptedResponse(NOTED)
  @Problems('RUN_NOT_FOUND', 'ILLEGAL_STATE', ...OF_BODIES)
  resume(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Body() body?: RunControlDto): Promise<Reply<RunControlView>> {
    return this.commands.command(principal, runId, 'resume', body?.reason);
  }

  @Post('fork')
  @ApiOperation({ summary: 'Start a new run from a step of this one', description: 'Possible for every run, also one that has ended. The new run has its own approvals, launches and history.' })
  @ApiBody({ type: ForkDto })
  @ApiHeader(FORK_KEY)
  @ApiCreatedResponse({ type: RunStartedView, headers: { Location: { description: 'The new run.', schema: { type: 'string' } } } })
  @ApiOkResponse({ type: RunStartedView, description: 'The run that this Idempotency-Key started earlier.' })
  @Problems('RUN_NOT_FOUND', 'IDEMPOTENCY_CONFLICT', ...OF_BODIES)
  fork(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Body() body: ForkDto, @Headers('Idempotency-Key') key?: string): Promise<Reply<RunStartedView>> {
    return this.forks.fork(principal, runId, body, key);
  }

  @Delete()
  @ApiOperation({ summary: 'Cancel', description: 'Pending approvals end with it; the provider\'s job is stopped where that is possible.' })
  @ApiBody({ type: RunControlDto, required: false })
  @ApiOkResponse({ type: RunControlView })
  @ApiAcceptedResponse(NOTED)
  @Problems('RUN_NOT_FOUND', 'ILLEGAL_STATE', ...OF_BODIES)
  cancel(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Query() _asking: AskingQueryDto, @Body() body?: RunControlDto): Promise<Reply<RunControlView>> {
    return this.commands.command(principal, runId, 'cancel', body?.reason);
  }
}
