import { RunInputDto, RunStartedView, TeamsQueryDto, TeamsResultView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Body, Controller, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiCreatedResponse, ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { Patient, type PatientCall } from '../http/answers/hang-up';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import { Reply } from '../http/answers/reply';
import { TeamsRun } from './teams-run';

const ENDED_OR_KNOWN = { oneOf: [{ $ref: getSchemaPath(TeamsResultView) }, { $ref: getSchemaPath(RunStartedView) }] };

@ApiTags('runs')
@Controller('teams')
export class TeamsController {
  constructor(private readonly teams: TeamsRun) {}

  @Post('run')
  @ApiOperation({ summary: 'The compatible door', description: 'With `enable_hitl=true` it starts a guarded run; without, the answer is the result when the run has ended, or 202 after 60 seconds.' })
  @ApiBody({ type: RunInputDto })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key with the same body names the same run.' })
  @ApiExtraModels(TeamsResultView, RunStartedView)
  @ApiCreatedResponse({ type: RunStartedView, description: 'With `enable_hitl`: the run was started.' })
  @ApiOkResponse({ schema: ENDED_OR_KNOWN, description: 'The run has ended; or, with `enable_hitl`, this Idempotency-Key started it earlier.' })
  @ApiAcceptedResponse({ type: RunStartedView, description: 'The run goes on.' })
  @Problems('TOOL_NOT_SUPPORTED', 'PROVIDER_NOT_FOUND', 'IDEMPOTENCY_CONFLICT', ...OF_BODIES)
  run(@Caller() principal: Principal, @Body() input: RunInputDto, @Query() query: TeamsQueryDto, @Patient() call: PatientCall): Promise<Reply<RunStartedView | TeamsResultView>> {
    return this.teams.run(principal, input, { query, ...call });
  }
}
