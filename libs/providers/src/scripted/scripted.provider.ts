/*
 * What this is: a provider that does exactly what its parameters say, for tests, demos and benchmarks.
 * Invariant: everything follows from the payload, the job id and the clock. The one exception is a cancel: it is
 * remembered by the process that heard it only, so after a restart a cancelled job ends as its script says.
 * To extend: a new outcome is one word in scripted-forms.ts and one case here or in scripted-output.ts.
 */
import type {
  AnswerAudit, CancelAnswer, FollowAnswer, Form, JobState, JsonObject, LaunchAnswer, LaunchRequest, LaunchTrace, Payload,
  ProviderCapabilities, ProviderOutput, ReconcileAnswer, Tool,
} from '@countersign/core';
import { checkInput, valueOf } from '../declared/check-input';
import { FreeProvider, calledOff, refused, refusedInput } from '../declared/free-provider';
import { OUTCOMES, SCRIPTED_FORMS } from './scripted-forms';
import { hashOfInput, hashOfLaunch, jobIdOf, readJobId } from './scripted-job';
import type { ScriptedJob } from './scripted-job';
import { metricsOf, stateAt } from './scripted-output';
import { systemTimer } from './scripted-timer';
import type { ScriptedTimer } from './scripted-timer';

const REMEMBERED_JOBS = 10_000; // enough for any test; keeps a long-lived process from growing
const THROTTLE_RETRY_MS = 1_000; // what a throttled launch says to wait
const REFUSING_OUTCOMES = ['refuse_input', 'moderate', 'throttle', 'unclear'];
const JOB_MODEL = 'scripted/job';

export class ScriptedProvider extends FreeProvider {
  readonly name = 'scripted';
  readonly title = 'Scripted';
  readonly description = 'Does what its parameters say: instant, slow, failing. For demos and tests, free.';
  readonly tools: readonly Tool[] = []; // no tool of the callers means it: it is asked for by name
  readonly capabilities: ProviderCapabilities = {
    idempotency: 'key', reconcile: 'none', cancel: true, result: 'job', callbacks: false, streaming: false, paid: false,
  };
  protected readonly forms = SCRIPTED_FORMS;
  private readonly jobOfLaunch = new Map<string, string>();
  private readonly cancelledAtMs = new Map<string, number>();

  constructor(private readonly timer: ScriptedTimer = systemTimer) {
    super();
  }

  async launch(request: LaunchRequest): Promise<LaunchAnswer> {
    if (request.signal.aborted) return calledOff();
    const { model, version, input } = request.payload;
    const form = this.formOf(model, version);
    if (form === undefined) return this.unknownModel(model, version);
    const wrong = checkInput(form, input);
    if (wrong.length > 0) return refusedInput(wrong);
    const unreadable = await whyUnreadable(request, input['reference']);
    if (unreadable !== null) {
      return refusedInput([{ field: 'reference', code: 'file_unreachable', message: `Reference picture (reference): ${unreadable}` }]);
    }

    const jobId = this.jobIdFor(request, form);
    const job = readJobId(jobId);
    if (job === null) return { kind: 'unclear', detail: `the job id ${jobId} cannot be read back` };
    if (model !== JOB_MODEL) await this.waitUntilOver(job, jobId, request);
    return this.refusalOf(job, form) ?? { kind: 'launched', jobId, state: this.stateOf(jobId, job, form, input) };
  }

  async follow(jobId: string, payload: Payload): Promise<FollowAnswer> {
    const job = readJobId(jobId);
    const form = this.formOf(payload.model, payload.version);
    if (job === null || form === undefined || job.inputHash !== hashOfInput(payload.input)) {
      return { ok: false, reason: 'gone', detail: `${jobId} is not a scripted job of this payload` };
    }
    return { ok: true, state: this.stateOf(jobId, job, form, payload.input) };
  }

  async cancel(jobId: string): Promise<CancelAnswer> {
    const job = readJobId(jobId);
    if (job === null) return { ok: false, detail: `${jobId} is not a scripted job` };
    const isOver = this.timer.now() - job.startedAtMs >= Math.min(job.delayMs, job.deadlineMs);
    const cancelledAt = this.cancelledAtMs.get(jobId);
    if (isOver && cancelledAt === undefined) return { ok: true, state: null };
    if (cancelledAt === undefined) remember(this.cancelledAtMs, jobId, this.timer.now());
    return { ok: true, state: this.cancelledState(jobId, job) };
  }

  /** A launch told to be `unclear` stays unclear, so that a person is asked. */
  override async reconcile({ payload }: LaunchTrace): Promise<ReconcileAnswer> {
    if (payload.input['outcome'] === 'unclear') return { kind: 'unavailable', detail: 'the script says that nobody knows' };
    return { kind: 'not_found' };
  }

  audit(output: ProviderOutput, payload: Payload): AnswerAudit {
    const text = output.parts.find((part) => part.kind === 'text')?.text ?? null;
    const form = this.formOf(payload.model, payload.version);
    if (form === undefined) return { text, quality: null, flags: [] };
    const quality = output.parts.length === 0 ? 0 : Number(valueOf(form, payload.input, 'quality'));
    const flag = String(valueOf(form, payload.input, 'safety_flag'));
    return { text, quality, flags: flag === 'none' ? [] : [{ flag, score: 1, why: 'The script says so.' }] };
  }

  private jobIdFor(request: LaunchRequest, form: Form): string {
    const known = this.jobOfLaunch.get(request.launchId);
    const inputHash = hashOfInput(request.payload.input);
    if (known !== undefined && readJobId(known)?.inputHash === inputHash) return known;
    const { input } = request.payload;
    const outcome = OUTCOMES.find((one) => one === valueOf(form, input, 'outcome')) ?? 'succeed';
    const jobId = jobIdOf({
      startedAtMs: this.timer.now(),
      delayMs: Number(valueOf(form, input, 'delay_ms')),
      deadlineMs: Math.round(request.deadlineSeconds * 1000),
      outcome,
      inputHash,
      launchHash: hashOfLaunch(request.launchId),
    });
    remember(this.jobOfLaunch, request.launchId, jobId);
    return jobId;
  }

  private async waitUntilOver(job: ScriptedJob, jobId: string, { signal, onProgress }: LaunchRequest): Promise<void> {
    const leftMs = job.startedAtMs + Math.min(job.delayMs, job.deadlineMs) - this.timer.now();
    if (leftMs <= 0) return;
    onProgress({ percent: 0, message: `waiting ${leftMs} ms, as told` });
    await this.timer.wait(leftMs, signal).catch(() => remember(this.cancelledAtMs, jobId, this.timer.now()));
  }

  private refusalOf({ outcome }: ScriptedJob, form: Form): LaunchAnswer | null {
    switch (outcome) {
      case 'refuse_input': {
        const allowed = OUTCOMES.filter((one) => !REFUSING_OUTCOMES.includes(one));
        return refusedInput([{
          field: 'outcome', code: 'not_in_enum', allowed, message: `Outcome (outcome) must be one of ${allowed.join(', ')} for this run to be taken`,
        }]);
      }
      case 'throttle':
        return refused('throttled', 'Too many runs at once; try again in a moment.', { retryAfterMs: THROTTLE_RETRY_MS });
      case 'unclear':
        return { kind: 'unclear', detail: 'the scripted provider gave no answer, as told' };
      case 'moderate':
        return form.model === JOB_MODEL ? null : refused('moderated', 'The content was flagged, as the script says.');
      default:
        return null;
    }
  }

  private stateOf(jobId: string, job: ScriptedJob, form: Form, input: JsonObject): JobState {
    return this.cancelledAtMs.has(jobId) ? this.cancelledState(jobId, job) : stateAt(job, this.timer.now(), form, input);
  }

  private cancelledState(jobId: string, job: ScriptedJob): JobState {
    const ranMs = Math.max(0, (this.cancelledAtMs.get(jobId) ?? job.startedAtMs) - job.startedAtMs);
    return { status: 'cancelled', detail: 'stopped on request', metrics: metricsOf(ranMs) };
  }
}

/** @returns a sentence, or null when there is no file or its first bytes can be read. */
async function whyUnreadable({ openInput }: LaunchRequest, url: unknown): Promise<string | null> {
  if (typeof url !== 'string') return null;
  try {
    const file = await openInput(url);
    for await (const chunk of file.read()) if (chunk.byteLength > 0) return null;
    return 'the file is empty';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function remember<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  memory.set(key, value);
  const oldest = memory.keys().next();
  if (memory.size > REMEMBERED_JOBS && oldest.done !== true) memory.delete(oldest.value);
}
