import { AskingQueryDto, ReceiptView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { RunIdPipe } from '../http/input/id-pipes';
import { Problems } from '../http/docs/problem-docs';
import { SeeReceipt } from './see-receipt';

@ApiTags('runs')
@Controller('hitl')
export class ReceiptController {
  constructor(private readonly receipts: SeeReceipt) {}

  @Get('run/:run_id/receipt')
  @ApiOperation({
    summary: 'Receipt of a run',
    description: 'Who decided what and when, on which payload hash, what ran, what came out (hashes), what it cost, with the hash chain that proves it. Works in every status; `npm run audit:verify -- --receipt FILE` checks a kept one without a server.',
  })
  @ApiParam({ name: 'run_id', format: 'uuid', description: 'The run.' })
  @ApiOkResponse({ type: ReceiptView })
  @Problems('RUN_NOT_FOUND', 'VALIDATION_FAILED')
  receipt(@Caller() principal: Principal, @Param('run_id', RunIdPipe) runId: string, @Query() _asking: AskingQueryDto): Promise<ReceiptView> {
    return this.receipts.receipt(principal, runId);
  }
}
