import { HealthView } from '@countersign/contracts';
import { Health, scrub, type HealthReport } from '@countersign/service-kit';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { OpenDoor } from '../http/callers/caller';
import { Problems } from '../http/docs/problem-docs';
import { HouseMetrics } from './house-metrics';
import { OperatorDoor } from './operator-door';

const OK = 200;
const UNAVAILABLE = 503;

@ApiTags('operators')
@OpenDoor()
@Controller()
export class OperatorsController {
  constructor(private readonly health: Health, private readonly metrics: HouseMetrics, private readonly door: OperatorDoor) {}

  @Get('health/live')
  @ApiOperation({ summary: 'Restart this process if not' })
  @ApiResponse({ status: OK, type: HealthView, description: 'Alive' })
  live(@Res() response: Response): void {
    report(this.health.live(), response);
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'Send work to this process if so', description: 'Looks at Postgres and Redis.' })
  @ApiResponse({ status: OK, type: HealthView, description: 'Ready' })
  @ApiResponse({ status: UNAVAILABLE, type: HealthView, description: 'The same with `down`, or this process is ending' })
  async ready(@Res() response: Response): Promise<void> {
    report(await this.health.ready(), response);
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Figures for Prometheus', description: 'Wants the operator role with AUTH_MODE=api_key.' })
  @ApiProduces('text/plain')
  @ApiResponse({ status: OK, schema: { type: 'string' }, description: 'Queue depth, oldest waiting job, pending approvals, open runs, process figures' })
  @Problems()
  async figures(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.door.admit(request);
    const text = await this.metrics.text();
    response.set('Content-Type', this.metrics.registry.contentType).send(text);
  }
}

function report(found: HealthReport, response: Response): void {
  response.status(found.status === 'up' ? OK : UNAVAILABLE).set('Cache-Control', 'no-store').type('application/json').send(scrub(JSON.stringify(found)));
}
