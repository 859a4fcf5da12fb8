import { ApprovalView, BrowserCompletionView } from '@countersign/contracts';
import type { Principal } from '@countersign/core';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller } from '../http/callers/caller';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import type { Reply } from '../http/answers/reply';
import { AskForBrowser } from './ask-for-browser';
import { BrowserApprovalDto, BrowserCompletionDto } from './browser.dto';
import { ReportForBrowser } from './report-for-browser';

@ApiTags('browser agents')
@Controller('hitl/browser')
export class BrowserController {
  constructor(private readonly asking: AskForBrowser, private readonly reporting: ReportForBrowser) {}

  @Post('approvals')
  @ApiOperation({ summary: 'A browser agent asks a person', description: 'The answer comes by `GET /hitl/approvals/{approval_id}?wait=30` or by socket. Nobody answering in time ends it as `expired`.' })
  @ApiBody({ type: BrowserApprovalDto })
  @ApiCreatedResponse({ type: ApprovalView, description: 'Asked' })
  @ApiOkResponse({ type: ApprovalView, description: 'This `request_id` was asked before' })
  @Problems('RUN_NOT_FOUND', 'ILLEGAL_STATE', ...OF_BODIES)
  ask(@Caller() principal: Principal, @Body() body: BrowserApprovalDto): Promise<Reply<ApprovalView>> {
    return this.asking.ask(principal, body);
  }

  @Post('completions')
  @HttpCode(200)
  @ApiOperation({ summary: 'A browser agent reports what it did', description: 'It becomes part of the run\'s history.' })
  @ApiBody({ type: BrowserCompletionDto })
  @ApiOkResponse({ type: BrowserCompletionView })
  @Problems('RUN_NOT_FOUND', 'ILLEGAL_STATE', ...OF_BODIES)
  report(@Caller() principal: Principal, @Body() body: BrowserCompletionDto): Promise<BrowserCompletionView> {
    return this.reporting.report(principal, body);
  }
}
