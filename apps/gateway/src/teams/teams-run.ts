import { finalResult, outputView, type RunInputDto, type RunRequestDto, type RunStartedView, type TeamsQueryDto, type TeamsResultView } from '@countersign/contracts';
import { isTerminal, LiveState, RunStore, topics, type PolicyName, type Principal, type Run } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { ArtifactUrls } from '../http/answers/artifact-urls';
import type { PatientCall } from '../http/answers/hang-up';
import { Reply } from '../http/answers/reply';
import { watchUntil } from '../http/answers/watch-until';
import { StartDoor } from '../runs/start-door';
import { runLinks } from '../runs/start-run';

/** Existing callers give up after a minute or more. */
const WAIT_MS = 60_000;
const OK = 200;
const ACCEPTED = 202;

/** How a call at this door came in. */
export interface TeamsCall extends PatientCall {
  query: TeamsQueryDto;
}

/** The compatible door: a guarded run, or one that answers with its result. */
@Injectable()
export class TeamsRun {
  constructor(
    private readonly door: StartDoor,
    private readonly runs: RunStore,
    private readonly live: LiveState,
    private readonly urls: ArtifactUrls,
  ) {}

  async run(principal: Principal, input: RunInputDto, call: TeamsCall): Promise<Reply<RunStartedView | TeamsResultView>> {
    const isGuarded = call.query.enable_hitl === true;
    const started = await this.door.start(principal, requestOf(input, call.query, isGuarded ? 'auto_with_thresholds' : 'auto'), call.idempotencyKey);
    if (isGuarded) return new Reply(started.status, { ...started.body, hitl_enabled: true }, started.headers);
    const ended = await this.waitForEnd(started.body.run_id, call.abort);
    if (ended) return new Reply(OK, this.result(ended));
    return new Reply(ACCEPTED, { ...started.body, message: 'The run goes on; look at its links', hitl_enabled: false }, started.headers);
  }

  private waitForEnd(runId: string, abort: AbortSignal): Promise<Run | null> {
    return watchUntil(this.live, { topic: topics.run(runId), timeoutMs: WAIT_MS, abort, wakes: ({ kind }) => kind === 'run' }, async () => {
      const run = await this.runs.find(runId);
      return run && isTerminal(run.status) ? run : null;
    });
  }

  private result(run: Run): TeamsResultView {
    const artifactUrl = (id: string): string => this.urls.url(id);
    return {
      run_id: run.runId, status: run.status, result: finalResult(run, artifactUrl), outputs: outputView(run, artifactUrl),
      error: run.status === 'failed' ? { code: run.standing.error.code, message: run.standing.error.message } : null,
      links: runLinks(run.runId),
    };
  }
}

function requestOf(input: RunInputDto, { user_id, session_id }: TeamsQueryDto, policy: PolicyName): RunRequestDto {
  return { run_input: input, hitl_config: { policy }, user_id, session_id };
}
