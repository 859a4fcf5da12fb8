import {
  addMs, ApprovalStore, CHECKPOINT_RULES, CommandStore, FormStore, LiveState, nextMove, ParameterMemory, pendingApprovalOf, RunStore, transition,
  type Approval, type Form, type Move, type Preparation, type Run, type RunEvent, type RunMemory, type RunOutput,
} from '@countersign/core';
import { Estimates, ProviderRegistry } from '@countersign/providers';
import { newId, sha256Hex } from '@countersign/service-kit';
import { jsonSchemaOf, prepare, requestOf } from '@countersign/validator';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Moves runs when a test says so, by the core's own rules: what the orchestrator does, without queues and launches. */
export class HandOrchestrator {
  private readonly runs = this.app.get(RunStore);
  private readonly approvals = this.app.get(ApprovalStore);
  private readonly commands = this.app.get(CommandStore);

  constructor(private readonly app: NestExpressApplication) {}

  /** Goes on until the run waits for a person, a launch, or nothing. */
  async advance(runId: string): Promise<Run> {
    for (;;) {
      const run = await this.run(runId);
      const form = await this.knowForm(run);
      const command = (await this.commands.open(runId))[0] ?? null;
      const memory = await this.app.get(ParameterMemory).of({ ...run, version: form.version });
      const preparation = await this.app.get(Estimates).with(prepared(run, form, memory));
      const budget = (await this.runs.onRecord(runId, now()))?.budget ?? null;
      const move = nextMove(run, { now: now(), command, approval: await this.pending(run), launch: null, preparation, budget });
      if (move.kind === 'wait' || move.kind === 'time_out' || move.kind === 'prepare') return run;
      await this.commit(run, move.kind === 'event' ? move.event : asked(run, move, form), move.command ? [move.command.commandId] : []);
    }
  }

  /** As if the model had answered. */
  async execute(runId: string, output: RunOutput): Promise<Run> {
    await this.commit(await this.run(runId), { type: 'executed', output, providerMs: 5, cost: null });
    return this.advance(runId);
  }

  async run(runId: string): Promise<Run> {
    const run = await this.runs.find(runId);
    if (!run) throw new Error(`no run ${runId}`);
    return run;
  }

  async pending(run: Run): Promise<Approval | null> {
    const approvalId = pendingApprovalOf(run);
    return approvalId === null ? null : this.approvals.find(approvalId);
  }

  async commit(run: Run, event: RunEvent, handled: string[] = []): Promise<void> {
    const answer = transition(run, event, now());
    if (!answer.ok) throw new Error(answer.refusal.detail);
    // The day's first money only makes its counters.
    const first = await this.runs.commit(answer.transition, [], handled);
    const kept = first.ok ? first : await this.runs.commit(answer.transition, [], handled);
    if (!kept.ok) throw new Error('somebody else moved the run');
    await this.app.get(LiveState).moved(run.runId, kept.run.version).catch(() => undefined);
  }

  /** The form as the executor would have saved it. */
  private async knowForm(run: Run): Promise<Form> {
    const answer = await this.app.get(ProviderRegistry).find(run.provider)?.form({ model: run.model, version: run.modelVersion });
    if (!answer?.ok) throw new Error(`no form of ${run.model}`);
    await this.app.get(FormStore).save({
      provider: run.provider, model: run.model, requestedVersion: run.modelVersion, form: answer.form, problem: null, fetchedAt: now(),
    });
    return answer.form;
  }
}

const now = (): string => new Date().toISOString();

function prepared(run: Run, form: Form, memory: RunMemory): Preparation {
  const request = requestOf(run.originalInput, run.edits);
  return prepare({ form, request, provider: run.provider, model: run.model, sha256: sha256Hex, estimate: () => null, memory });
}

function asked(run: Run, move: Extract<Move, { kind: 'ask' }>, form: Form): RunEvent {
  const preparation = move.preparation ?? run.preparation;
  const schema = jsonSchemaOf(form, preparation?.payload?.input ?? {});
  const approval: Approval = {
    ...CHECKPOINT_RULES[move.checkpoint].question({ run, reason: move.reason, preparation, context: move.context, schema }),
    approvalId: newId(), runId: run.runId, tenantId: run.tenantId, userId: run.userId, sessionId: run.sessionId, checkpoint: move.checkpoint,
    status: 'pending', decision: null, payload: preparation?.payload ?? null, payloadHash: preparation?.payloadHash ?? null,
    requestedAt: now(), expiresAt: addMs(now(), run.config.timeoutSeconds * 1000), onTimeout: run.config.onTimeout,
    timeoutSeconds: run.config.timeoutSeconds, extensions: 0, claimedBy: null, claimedUntil: null, requestId: null,
  };
  return { type: 'asked', approval, ...(move.booking && { booking: move.booking }), ...(move.preparation && run.step === 'information_review' ? { preparation: move.preparation } : {}) };
}
