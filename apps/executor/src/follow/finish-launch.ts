/*
 * What this is: writes down what came of a launch and rings the orchestrator.
 * Invariants: outputs are in our own store before a run counts as executed; a launch that ended never moves back; fact and
 * doorbell commit together (4).
 */
import { addMs, type AiProvider, type Clock, type JobState, type Json, type Launch, type LaunchChange, type LaunchOutcome, type LaunchStore, type Payload, type StoredPart } from '@countersign/core';
import type { ProviderRegistry } from '@countersign/providers';
import { bell, type Doorbells } from '@countersign/queues';
import { piiFlags } from '@countersign/validator';
import type { KeepOutput } from '../output/keep-output';
import { pauseBefore } from './pauses';

/** Looks at a finished job whose files could not be fetched, before the run goes on without them. */
const MAX_KEEP_TRIES = 6;
/** Launches whose tries are counted; more at once are tried oftener, which is harmless. */
const COUNTED_LAUNCHES = 1_000;

export class FinishLaunch {
  /** Looks at a job that still ran do not count, so the row's own number will not do. */
  private readonly keepTries = new Map<string, number>();

  constructor(
    private readonly launches: LaunchStore,
    private readonly providers: ProviderRegistry,
    private readonly keepOutput: KeepOutput,
    private readonly doorbells: Doorbells,
    private readonly clock: Clock,
  ) {}

  /** The provider took the job. Its id is noted at once, together with the result when that came in the same answer. */
  async launched(launch: Launch, payload: Payload, answer: { jobId: string; state: JobState }): Promise<void> {
    const now = this.clock.now();
    if (isOver(answer.state)) return this.see({ ...launch, jobId: answer.jobId, launchedAt: launch.launchedAt ?? launch.submittedAt }, payload, answer.state);
    await this.nextLook(launch, { status: 'launched', jobId: answer.jobId, launchedAt: now }, pauseBefore(0));
  }

  /** What a look at the job showed. */
  async see(launch: Launch, payload: Payload, state: JobState): Promise<void> {
    const provider = this.providers.find(launch.provider);
    if (!isOver(state) || !provider) return this.lookAgain(launch);
    const outcome = await this.outcomeOf({ provider, launch, payload, state });
    if (outcome === 'try_again') return this.lookAgain(launch);
    await this.end(launch, outcome);
  }

  async lookAgain(launch: Launch): Promise<void> {
    await this.nextLook(launch, {
      status: launch.status === 'submitting' ? 'launched' : launch.status, ...(launch.jobId ? { jobId: launch.jobId } : {}),
    }, pauseBefore(launch.checks + 1));
  }

  async unclear(launch: Launch, detail: string): Promise<void> {
    await this.launches.noteProgress(launch.launchId, { percent: null, message: `the answer was lost: ${detail}` });
    await this.nextLook(launch, { status: 'unclear' }, pauseBefore(0));
  }

  /** Each look has a number of its own: a doorbell with one that was used before would count as rung already. */
  private async nextLook(launch: Launch, change: Omit<LaunchChange, 'nextCheckAt'>, pauseMs: number): Promise<void> {
    const at = addMs(this.clock.now(), pauseMs);
    await this.launches.scheduleCheck(launch.launchId, at);
    await this.change(launch, { ...change, nextCheckAt: at }, [bell('execution.follow', { launch_id: launch.launchId, check: launch.checks + 1 }, at)]);
  }

  async end(launch: Launch, outcome: LaunchOutcome): Promise<void> {
    await this.change(launch, {
      status: outcome.kind, finishedAt: this.clock.now(), nextCheckAt: null, outcome,
      ...(launch.jobId ? { jobId: launch.jobId } : {}), ...(launch.launchedAt ? { launchedAt: launch.launchedAt } : {}),
    }, [bell('run.executed', { run_id: launch.runId, launch_id: launch.launchId })]);
  }

  /** A launch that the gate held back. @returns the attempt's launch when it was begun before */
  async neverSent(launch: Launch, outcome: LaunchOutcome): Promise<Launch | null> {
    const ended: Launch = { ...launch, status: outcome.kind, outcome, finishedAt: this.clock.now(), nextCheckAt: null };
    const answer = await this.launches.refuse(ended, [bell('run.executed', { run_id: launch.runId, launch_id: launch.launchId })]);
    await this.doorbells.ring(answer.bells);
    return answer.kind === 'existing' ? answer.launch : null;
  }

  private async change(launch: Launch, change: LaunchChange, bells: ReturnType<typeof bell>[]): Promise<void> {
    const answer = await this.launches.change(launch.launchId, change, bells);
    if (answer.ok) await this.doorbells.ring(answer.bells);
    else if (answer.reason === 'job_claimed') await this.unclear({ ...launch, jobId: null }, `job ${change.jobId ?? ''} belongs to another launch`);
  }

  private mayTryAgain(launchId: string): boolean {
    const tries = (this.keepTries.get(launchId) ?? 0) + 1;
    this.keepTries.set(launchId, tries);
    if (this.keepTries.size > COUNTED_LAUNCHES) this.keepTries.delete(this.keepTries.keys().next().value ?? '');
    return tries < MAX_KEEP_TRIES;
  }

  private async outcomeOf({ provider, launch, payload, state }: Seen): Promise<LaunchOutcome | 'try_again'> {
    switch (state.status) {
      case 'succeeded': {
        const kept = await this.keepOutput.keep(launch, provider, state.output);
        if (kept.lost.length > 0 && this.mayTryAgain(launch.launchId)) return 'try_again';
        this.keepTries.delete(launch.launchId);
        const audit = provider.audit(state.output, payload);
        const doubts = [...state.output.doubts, ...kept.lost.map((what) => `an output file could not be fetched: ${what}`)];
        return {
          kind: 'succeeded', metrics: state.metrics, cost: this.providers.cost(payload, state.metrics),
          output: { raw: state.output.raw, parts: kept.parts, text: audit.text, quality: audit.quality, flags: [...audit.flags, ...kept.flags, ...piiFlags(wordsOf(kept.parts, audit.text), 'the answer')], doubts },
        };
      }
      case 'failed': {
        const { reason, message, detail, metrics } = state;
        return { kind: 'failed', reason, message, detail, metrics, cost: this.providers.cost(payload, metrics) };
      }
      case 'cancelled': return { kind: 'stopped', billed: provider.capabilities.paid, detail: state.detail };
      case 'aborted': return { kind: 'stopped', billed: false, detail: state.detail };
    }
  }
}

type OverState = Extract<JobState, { status: 'succeeded' | 'failed' | 'cancelled' | 'aborted' }>;

interface Seen {
  provider: AiProvider;
  launch: Launch;
  payload: Payload;
  state: OverState;
}

/** Everything readable in an answer, each text once. */
function wordsOf(parts: readonly StoredPart[], text: string | null): Json[] {
  const read = parts.flatMap((part): Json[] => (part.kind === 'text' ? [part.text] : part.kind === 'json' ? [part.value] : []));
  return read.length > 0 || text === null ? read : [text];
}

function isOver(state: JobState): state is OverState {
  return state.status !== 'starting' && state.status !== 'processing';
}
