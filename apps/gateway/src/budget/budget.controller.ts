import { BudgetQueryDto, BudgetView, CapDto, CapQueryDto } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Body, Controller, Delete, Get, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import { TendBudget } from './tend-budget';

@ApiTags('budget')
@Controller('hitl/budget')
export class BudgetController {
  constructor(private readonly budget: TendBudget) {}

  @Get()
  @ApiOperation({ summary: 'Caps, and what was spent and set aside under them on one day (UTC)' })
  @ApiOkResponse({ type: BudgetView })
  @Problems('VALIDATION_FAILED')
  see(@Caller() principal: Principal, @Query() { day }: BudgetQueryDto): Promise<BudgetView> {
    return this.budget.see(principal, day);
  }

  @Put('caps')
  @ApiOperation({ summary: 'Set or replace a daily cap', description: 'For admins. A run that would pass it is not refused: it asks a reviewer. Every change is kept with who made it.' })
  @ApiBody({ type: CapDto })
  @ApiOkResponse({ type: BudgetView })
  @Problems(...OF_BODIES)
  set(@Caller() principal: Principal, @Body() body: CapDto): Promise<BudgetView> {
    return this.budget.set(principal, body);
  }

  @Delete('caps')
  @ApiOperation({ summary: 'Take a cap away', description: 'For admins.' })
  @ApiOkResponse({ type: BudgetView })
  @Problems('CAP_NOT_FOUND', 'VALIDATION_FAILED', 'RATE_LIMITED')
  remove(@Caller() principal: Principal, @Query() { for_user_id: userId }: CapQueryDto): Promise<BudgetView> {
    return this.budget.remove(principal, userId ?? null);
  }
}
