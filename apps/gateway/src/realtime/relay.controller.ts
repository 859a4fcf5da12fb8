import { Body, Controller, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { OF_BODIES, Problems } from '../http/docs/problem-docs';
import type { Reply } from '../http/answers/reply';
import { RelayMessageDto, RelayReplyView } from './relay.dto';
import { RelayedMessages } from './relayed-messages';

@ApiTags('approvals')
@Controller('hitl/websocket')
export class RelayController {
  constructor(private readonly messages: RelayedMessages) {}

  @Post('message')
  @ApiOperation({ summary: 'A message that an outside WebSocket server relays', description: 'The refusals of a decision come as an acknowledgement with `success: false`, under the status they have everywhere.' })
  @ApiBody({ type: RelayMessageDto })
  @ApiOkResponse({ type: RelayReplyView })
  @Problems('APPROVAL_NOT_FOUND', 'APPROVAL_ALREADY_DECIDED', 'APPROVAL_EXPIRED', 'STALE_PAYLOAD', 'ILLEGAL_STATE', ...OF_BODIES)
  receive(@Body() message: RelayMessageDto, @Req() request: Request): Promise<Reply<RelayReplyView>> {
    return this.messages.handle(message, request.headers);
  }
}
