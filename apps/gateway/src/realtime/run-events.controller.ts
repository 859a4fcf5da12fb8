import type { Principal } from '@countersign/core';
import { AskingQueryDto } from '@countersign/contracts';
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiProduces, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Response } from 'express';
import { Caller } from '../http/callers/caller';
import { RunIdPipe } from '../http/input/id-pipes';
import { invalid, ProblemError } from '../http/answers/problem';
import { Problems } from '../http/docs/problem-docs';
import { SeeRun } from '../runs/see-run';
import { RunEventStream } from './run-event-stream';

/** Streams open at once in this process; each holds a socket and little else. */
const STREAMS_MOST = 2_000;
const TRY_AGAIN_SECONDS = 5;
/** A browser waits this long before it comes back, ms. */
const RECONNECT_MS = 1_000;
const SEQ_MAX = 2_147_483_647;

export class RunEventsQueryDto extends AskingQueryDto {
  @ApiProperty({ required: false, type: 'integer', description: 'As the header `Last-Event-ID`, for those who cannot set it.' })
  @IsOptional() @Type(() => Number) @IsInt() @Min(0) @Max(SEQ_MAX)
  last_event_id?: number;
}

@ApiTags('runs')
@Controller('hitl/run')
export class RunEventsController {
  private open = 0;

  constructor(private readonly seeRun: SeeRun, private readonly stream: RunEventStream) {}

  @Get(':run_id/events')
  @ApiOperation({ summary: 'Every step event of a run, as it happens', description: 'Server-Sent Events: `id` = seq, `event` = type, `data` = the entry as in step_history. A comment at least every 30 s; ends after the last event.' })
  @ApiParam({ name: 'run_id', format: 'uuid' })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Go on behind this seq.' })
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @Problems('RUN_NOT_FOUND', 'VALIDATION_FAILED', 'RATE_LIMITED')
  async events(
    @Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Query() query: RunEventsQueryDto, @Res() response: Response,
  ): Promise<void> {
    const after = afterOf(response.req.get('last-event-id'), query.last_event_id);
    await this.seeRun.run(principal, runId);
    if (this.open >= STREAMS_MOST) throw new ProblemError('RATE_LIMITED', 'too many streams are open', { retryAfterSeconds: TRY_AGAIN_SECONDS });
    const abort = new AbortController();
    response.once('close', () => abort.abort());
    response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
    response.write(`retry: ${RECONNECT_MS}\n\n`);
    this.open += 1;
    try {
      await this.stream.send(runId, after, { response, abort: abort.signal });
    } finally {
      this.open -= 1;
    }
  }
}

function afterOf(header: string | undefined, query: number | undefined): number {
  if (header === undefined || header === '') return query ?? 0;
  if (!/^\d{1,10}$/.test(header) || Number(header) > SEQ_MAX) throw invalid('Last-Event-ID', 'is_int', 'Last-Event-ID is the seq of an event');
  return Number(header);
}
