import { AskingQueryDto, JobView, RunStateView, RunView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { RunIdPipe } from '../http/input/id-pipes';
import { Problems } from '../http/docs/problem-docs';
import { FindJob } from './find-job';
import { SeeState } from './see-state';
import { SeeRun } from './see-run';

const RUN_ID = { name: 'run_id', format: 'uuid', description: 'The run.' };

@ApiTags('runs')
@Controller('hitl')
export class SeeController {
  constructor(private readonly see: SeeRun, private readonly seeState: SeeState, private readonly jobs: FindJob) {}

  @Get('run/:run_id/status')
  @ApiOperation({ summary: 'Light view of a run', description: 'Works in every status.' })
  @ApiParam(RUN_ID)
  @ApiOkResponse({ type: RunView })
  @Problems('RUN_NOT_FOUND', 'VALIDATION_FAILED')
  status(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Query() _asking: AskingQueryDto): Promise<RunView> {
    return this.see.status(principal, runId);
  }

  @Get(['runs/:run_id/state', 'run/:run_id/state'])
  @ApiOperation({ summary: 'Everything about a run', description: 'All that is needed to redraw it after a reload.' })
  @ApiParam(RUN_ID)
  @ApiOkResponse({ type: RunStateView })
  @Problems('RUN_NOT_FOUND', 'VALIDATION_FAILED')
  state(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Query() _asking: AskingQueryDto): Promise<RunStateView> {
    return this.seeState.state(principal, runId);
  }

  @Get('jobs/:job_id')
  @ApiOperation({ summary: 'State of the queue job behind a run' })
  @ApiParam({ name: 'job_id', example: 'run.start_019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11' })
  @ApiOkResponse({ type: JobView })
  @Problems('JOB_NOT_FOUND', 'VALIDATION_FAILED')
  job(@Caller() principal: Principal, @Param('job_id') jobId: string, @Query() _asking: AskingQueryDto): Promise<JobView> {
    return this.jobs.find(principal, jobId);
  }
}
