import { isOpenLaunch, LaunchStore, Clock, type AiProvider, type Launch } from '@countersign/core';
import { ProviderRegistry } from '@countersign/providers';
import { bell, Doorbells } from '@countersign/queues';
import { Controller, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { isUUID } from 'class-validator';
import { OpenDoor } from '../http/callers/caller';
import { ProblemError } from '../http/answers/problem';
import { Problems } from '../http/docs/problem-docs';
import type { WithRawBody } from '../http/input/read-body';
import { CallbackQueryDto, CallbackView } from './callback.dto';
import { isSameToken } from './same-token';

const OK = 200;
const MS_PER_SECOND = 1_000;

/**
 * Call-backs of providers. All that is believed of one is which job it speaks of, and that somebody should look: the job's
 * state is then asked of the provider itself.
 */
@ApiTags('webhooks')
@OpenDoor()
@Controller('webhooks')
export class WebhooksController {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly launches: LaunchStore,
    private readonly doorbells: Doorbells,
    private readonly clock: Clock,
  ) {}

  @Post(':provider/:launch_id')
  @HttpCode(OK)
  @ApiOperation({ summary: 'A provider calls back', description: 'Signed by the provider over the raw body; the token in the address belongs to this launch alone. Replays do no harm.' })
  @ApiOkResponse({ type: CallbackView })
  @Problems('PROVIDER_NOT_FOUND', 'LAUNCH_NOT_FOUND', 'VALIDATION_FAILED')
  async receive(
    @Param('provider') name: string, @Param('launch_id') launchId: string, @Query() query: CallbackQueryDto, @Req() request: Request,
  ): Promise<CallbackView> {
    const provider = this.providers.find(name);
    if (!provider) throw new ProblemError('PROVIDER_NOT_FOUND', 'no provider of this name is registered');
    const launch = isUUID(launchId) ? await this.launches.find(launchId) : null;
    if (!launch || launch.provider !== name) throw new ProblemError('LAUNCH_NOT_FOUND', 'no launch of this provider has this id');
    if (!isSameToken(query.token, launch.callbackToken)) throw new ProblemError('UNAUTHENTICATED', 'the token is not that of this launch');
    await this.note(launch, this.jobIdOf(provider, request));
    return { received: true };
  }

  private jobIdOf(provider: AiProvider, request: Request): string {
    const rawBody = (request as WithRawBody).rawBody;
    if (!rawBody) throw new ProblemError('VALIDATION_FAILED', 'a call-back is JSON');
    const headers = Object.fromEntries(Object.entries(request.headers).map(([header, value]) => [header, Array.isArray(value) ? value[0] : value]));
    const reading = provider.readCallback({ rawBody, headers }, this.clock.now());
    if (reading.ok) return reading.jobId;
    throw new ProblemError('UNAUTHENTICATED', REFUSALS[reading.reason]);
  }

  /** A launch that has ended never moves; nobody needs to look. */
  private async note(launch: Launch, jobId: string): Promise<void> {
    if (!isOpenLaunch(launch) && launch.status !== 'unknown') return;
    if (launch.jobId !== null && launch.jobId !== jobId) return;
    // Timers ring with small numbers; a number of its own keeps this doorbell from being taken for one of theirs.
    const check = Math.floor(Date.parse(this.clock.now()) / MS_PER_SECOND);
    const { bells } = await this.launches.noteCallback(launch.launchId, jobId, [bell('execution.follow', { launch_id: launch.launchId, check })]);
    await this.doorbells.ring(bells);
  }
}

const REFUSALS = {
  malformed: 'the call-back is not signed, or names no job',
  bad_signature: 'the signature does not fit the body',
  too_old: 'the signature is too old',
  not_configured: 'this installation has no secret to check the signature with (REPLICATE_WEBHOOK_SECRET)',
};
