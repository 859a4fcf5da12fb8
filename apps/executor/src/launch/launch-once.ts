/*
 * What this is: makes the paid call of an attempt, through the gate (launch-gate.ts).
 * Invariant: the gate comes before the launch, the launch is committed before the request is written, and an attempt that
 * exists is never launched again, only looked at (7).
 * To extend: a new reason not to launch is a line in launch-gate.ts.
 */
import {
  payloadHash, type Clock, type Ids, type Launch, type LaunchStore, type Payload, type Run, type RunStore, type Sha256, type Throttle,
} from '@countersign/core';
import { RetryableError } from '@countersign/queues';
import { randomBytes } from 'node:crypto';
import type { CallProvider } from './call-provider';
import type { FinishLaunch } from '../follow/finish-launch';
import type { GateRefusal, LaunchGate } from './launch-gate';
import { leaseEnd } from './lease';
import type { LookAtLaunch } from '../follow/look-at-launch';

const TOKEN_BYTES = 24; // 192 random bits: a call-back address nobody guesses

export interface LaunchBooks {
  runs: RunStore;
  launches: LaunchStore;
}

export interface LaunchHands {
  gate: LaunchGate;
  callProvider: CallProvider;
  look: LookAtLaunch;
  finish: FinishLaunch;
  throttle: Throttle;
}

export class LaunchOnce {
  constructor(
    private readonly books: LaunchBooks,
    private readonly hands: LaunchHands,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly sha256: Sha256,
  ) {}

  async launch(runId: string, attempt: number): Promise<void> {
    const run = await this.books.runs.find(runId);
    if (!run || run.status !== 'running' || run.step !== 'api_call' || run.attempt !== attempt) return;
    const waitMs = run.times.launchNotBefore === null ? 0 : Date.parse(run.times.launchNotBefore) - Date.parse(this.clock.now());
    if (waitMs > 0) throw new RetryableError('the provider asked for a pause', waitMs);
    await this.takeTurn(run);
    const payload = run.preparation?.payload ?? null;
    const answer = await this.hands.gate.admit(run, payload);
    if (!answer.ok) return this.refuse(this.newLaunch(run, payload), answer.refusal);
    const begun = await this.books.launches.begin(this.newLaunch(run, payload));
    if (begun.kind === 'begun') await this.hands.callProvider.call(answer.permitFor(begun.launch));
    else if (begun.kind === 'existing') await this.hands.look.look(begun.launch);
  }

  /** Put down as never sent; an attempt that was begun before the gate closed is only looked at. */
  private async refuse(launch: Launch, outcome: GateRefusal): Promise<void> {
    const earlier = await this.hands.finish.neverSent(launch, outcome);
    if (earlier) await this.hands.look.look(earlier);
  }

  /** The pace is a courtesy: without Redis everybody goes, and who is too fast is refused without cost. */
  private async takeTurn({ provider, runId, attempt }: Run): Promise<void> {
    const waitMs = await this.hands.throttle.turn(provider, `${runId} ${attempt}`).catch(() => 0);
    if (waitMs > 0) throw new RetryableError('the provider refused others for being too fast: it waits for its turn', waitMs);
  }

  private newLaunch(run: Run, payload: Payload | null): Launch {
    const now = this.clock.now();
    return {
      launchId: this.ids.next(), runId: run.runId, tenantId: run.tenantId, attempt: run.attempt,
      provider: run.provider, model: run.model, modelVersion: payload?.version ?? null,
      payloadHash: payload ? payloadHash(payload, this.sha256) : '',
      status: 'submitting', callbackToken: randomBytes(TOKEN_BYTES).toString('base64url'),
      jobId: null, callbackJobId: null, submittedAt: now, launchedAt: null, finishedAt: null,
      nextCheckAt: leaseEnd(now), checks: 0, progress: null, outcome: null,
    };
  }
}
