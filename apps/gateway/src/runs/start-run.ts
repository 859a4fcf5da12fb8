/*
 * What this is: the one way into the house. A run is a row, its first event and a doorbell in one commit; from there on
 * only the orchestrator moves it.
 * Invariants: only the orchestrator moves a run (2); state and effects commit together (4).
 */
import { jobIdOf, type RunRequestDto, type RunStartedView } from '@countersign/contracts';
import { canonicalJson, Clock, Ids, newRun, RunStore, type Json, type Principal, type Run } from '@countersign/core';
import { bell, Doorbells } from '@countersign/queues';
import { sha256Hex } from '@countersign/service-kit';
import { Injectable } from '@nestjs/common';
import { readIdempotencyKey } from '../http/input/idempotency-key';
import { ProblemError } from '../http/answers/problem';
import { TakeRequest } from './take-request';

export interface StartedRun {
  run: Run;
  /** False: the same key with the same body started it earlier. */
  isNew: boolean;
}

@Injectable()
export class StartRun {
  constructor(
    private readonly runs: RunStore,
    private readonly doorbells: Doorbells,
    private readonly requests: TakeRequest,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** @param idempotencyKey the header as it came, if it came */
  async start(principal: Principal, request: RunRequestDto, idempotencyKey: string | undefined): Promise<StartedRun> {
    const facts = await this.requests.take(principal, request);
    const run = newRun({ ...facts, runId: this.ids.next() }, this.clock.now());
    const answer = await this.runs.insert(run, [bell('run.start', { run_id: run.runId })], idempotencyOf(idempotencyKey, request));
    if (answer.kind === 'conflict') throw keyUsedOtherwise(answer.runId);
    if (answer.kind === 'existing') return { run: answer.run, isNew: false };
    await this.doorbells.ring(answer.bells);
    return { run, isNew: true };
  }
}

export function keyUsedOtherwise(runId: string): ProblemError {
  return new ProblemError('IDEMPOTENCY_CONFLICT', `this Idempotency-Key was used with another body, for run ${runId}`);
}

/** @param request what must be the same under the same key */
export function idempotencyOf(key: string | undefined, request: object): { key: string; bodyHash: string } | null {
  const known = readIdempotencyKey(key);
  return known === null ? null : { key: known, bodyHash: sha256Hex(canonicalJson(JSON.parse(JSON.stringify(request)) as Json)) };
}

export function startedView(run: Run, websocketUrl: string): RunStartedView {
  return {
    run_id: run.runId,
    status: run.status,
    message: 'HITL run started successfully',
    job_id: jobIdOf('run.start', { run_id: run.runId }),
    websocket_url: websocketUrl,
    links: runLinks(run.runId),
  };
}

export function runLinks(runId: string): RunStartedView['links'] {
  return {
    self: `/hitl/runs/${runId}/state`, status: `/hitl/run/${runId}/status`, state: `/hitl/runs/${runId}/state`,
    events: `/hitl/run/${runId}/events`, approve: `/hitl/run/${runId}/approve`,
  };
}
