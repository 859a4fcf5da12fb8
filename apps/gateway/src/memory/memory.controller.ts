import { ForgetQueryDto, ForgottenView, MemoriesQueryDto, MemoryListView, MemoryStateDto, MemoryView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { MemoryIdPipe } from '../http/input/id-pipes';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import { TendMemory } from './tend-memory';

@ApiTags('parameter memory')
@Controller('hitl/parameter-memory')
export class MemoryController {
  constructor(private readonly memory: TendMemory) {}

  @Get()
  @ApiOperation({ summary: 'Changes that reviewers made', description: 'One\'s own; of everybody in the tenant for reviewers. Newest first.' })
  @ApiOkResponse({ type: MemoryListView })
  @Problems('VALIDATION_FAILED')
  list(@Caller() principal: Principal, @Query() query: MemoriesQueryDto): Promise<MemoryListView> {
    return this.memory.list(principal, query);
  }

  @Get(':memory_id')
  @ApiOperation({ summary: 'One remembered change' })
  @ApiParam({ name: 'memory_id', format: 'uuid' })
  @ApiOkResponse({ type: MemoryView })
  @Problems('MEMORY_NOT_FOUND')
  one(@Caller() principal: Principal, @Param('memory_id', MemoryIdPipe) memoryId: string): Promise<MemoryView> {
    return this.memory.one(principal, memoryId);
  }

  @Patch(':memory_id')
  @ApiOperation({ summary: 'Mute it, make it a rule, or take either back', description: 'A field has one rule for each value: switching one on switches the others off.' })
  @ApiParam({ name: 'memory_id', format: 'uuid' })
  @ApiBody({ type: MemoryStateDto })
  @ApiOkResponse({ type: MemoryView })
  @Problems('MEMORY_NOT_FOUND', ...OF_BODIES)
  set(@Caller() principal: Principal, @Param('memory_id', MemoryIdPipe) memoryId: string, @Body() { state }: MemoryStateDto): Promise<MemoryView> {
    return this.memory.set(principal, memoryId, state);
  }

  @Delete(':memory_id')
  @ApiOperation({ summary: 'Forget one change, with the observations behind it' })
  @ApiParam({ name: 'memory_id', format: 'uuid' })
  @ApiOkResponse({ type: ForgottenView })
  @Problems('MEMORY_NOT_FOUND', 'RATE_LIMITED')
  forget(@Caller() principal: Principal, @Param('memory_id', MemoryIdPipe) memoryId: string): Promise<ForgottenView> {
    return this.memory.forget(principal, memoryId);
  }

  @Delete()
  @ApiOperation({ summary: 'Forget everything about a user and a model' })
  @ApiOkResponse({ type: ForgottenView })
  @Problems('VALIDATION_FAILED', 'RATE_LIMITED')
  forgetAll(@Caller() principal: Principal, @Query() query: ForgetQueryDto): Promise<ForgottenView> {
    return this.memory.forgetAll(principal, query);
  }
}
