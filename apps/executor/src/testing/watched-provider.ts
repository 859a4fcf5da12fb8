import type {
  CancelAnswer, CostEstimate, FollowAnswer, FormAnswer, LaunchAnswer, LaunchRequest, LaunchTrace, ModelRef, OpenedOutput, Payload, ProviderCapabilities,
  ReconcileAnswer,
} from '@countersign/core';
import { ScriptedProvider, type ScriptedTimer } from '@countersign/providers';

/** What the provider does instead of what a scripted one does. */
export interface Script {
  launch?(request: LaunchRequest): Promise<LaunchAnswer>;
  follow?(jobId: string): Promise<FollowAnswer>;
  reconcile?(trace: LaunchTrace): Promise<ReconcileAnswer>;
  cancel?(jobId: string): Promise<CancelAnswer>;
  form?(ref: ModelRef): Promise<FormAnswer>;
  openOutput?(url: string): Promise<OpenedOutput>;
  cost?(): CostEstimate;
}

/** The hardest to serve: each call costs money, and no key protects from a second one. */
const PAID_ONCE: ProviderCapabilities = {
  idempotency: 'none', reconcile: 'list', cancel: true, result: 'job', callbacks: true, streaming: false, paid: true,
};

/** The scripted provider, counted, with what a test wants it to do. */
export class WatchedProvider extends ScriptedProvider {
  override capabilities = PAID_ONCE;
  readonly launched: LaunchRequest[] = [];
  readonly cancelled: string[] = [];
  readonly traces: LaunchTrace[] = [];
  script: Script = {};

  constructor(timer: ScriptedTimer) {
    super(timer);
  }

  reset(script: Script = {}, capabilities: Partial<ProviderCapabilities> = {}): void {
    this.launched.length = 0;
    this.cancelled.length = 0;
    this.traces.length = 0;
    this.script = script;
    this.capabilities = { ...PAID_ONCE, ...capabilities };
  }

  override launch(request: LaunchRequest): Promise<LaunchAnswer> {
    this.launched.push(request);
    return this.script.launch ? this.script.launch(request) : super.launch(request);
  }

  override follow(jobId: string, payload: Payload): Promise<FollowAnswer> {
    return this.script.follow ? this.script.follow(jobId) : super.follow(jobId, payload);
  }

  override reconcile(trace: LaunchTrace): Promise<ReconcileAnswer> {
    this.traces.push(trace);
    return this.script.reconcile ? this.script.reconcile(trace) : super.reconcile(trace);
  }

  override cancel(jobId: string): Promise<CancelAnswer> {
    this.cancelled.push(jobId);
    return this.script.cancel ? this.script.cancel(jobId) : super.cancel(jobId);
  }

  override form(ref: ModelRef): Promise<FormAnswer> {
    return this.script.form ? this.script.form(ref) : super.form(ref);
  }

  override openOutput(url: string): Promise<OpenedOutput> {
    return this.script.openOutput ? this.script.openOutput(url) : super.openOutput(url);
  }

  override cost(): CostEstimate {
    return this.script.cost ? this.script.cost() : super.cost();
  }
}
