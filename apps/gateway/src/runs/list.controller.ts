import { ActiveRunsQueryDto, SessionPageQueryDto, RunListView, RunsQueryDto, SessionRunsView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { Problems } from '../http/docs/problem-docs';
import { ListRuns } from './list-runs';

@ApiTags('runs')
@Controller('hitl')
export class ListController {
  constructor(private readonly runs: ListRuns) {}

  @Get('runs')
  @ApiOperation({ summary: 'Runs', description: 'Newest first; their step history is left out.' })
  @ApiOkResponse({ type: RunListView })
  @Problems('VALIDATION_FAILED')
  list(@Caller() principal: Principal, @Query() query: RunsQueryDto): Promise<RunListView> {
    return this.runs.list(principal, query);
  }

  @Get('runs/active')
  @ApiOperation({ summary: 'Runs that may still go on' })
  @ApiOkResponse({ type: RunListView })
  @Problems('VALIDATION_FAILED')
  active(@Caller() principal: Principal, @Query() query: ActiveRunsQueryDto): Promise<RunListView> {
    return this.runs.active(principal, query);
  }

  @Get('sessions/:session_id/active')
  @ApiOperation({ summary: 'Runs of a chat session that may still go on' })
  @ApiParam({ name: 'session_id', example: 'session456' })
  @ApiOkResponse({ type: SessionRunsView })
  @Problems('VALIDATION_FAILED')
  ofSession(@Caller() principal: Principal, @Param('session_id') sessionId: string, @Query() query: SessionPageQueryDto): Promise<SessionRunsView> {
    return this.runs.ofSession(principal, sessionId, query);
  }
}
