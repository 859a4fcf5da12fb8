import {
  AiProvider, type AnswerAudit, type CallbackReading, type CallbackRequest, type CancelAnswer, type CostEstimate, type FollowAnswer, type FormAnswer,
  type Instant, type JobMetrics, type JobState, type JsonObject, type LaunchAnswer, type LaunchRequest, type LaunchTrace, type ModelRef,
  type OpenedOutput, type Payload, type ProviderCapabilities, type ProviderOutput, type ReconcileAnswer, type Tool,
} from '@countersign/core';
import { auditAnswer } from '../declared/answer-audit';
import { readSignedCallback } from './callback-signature';
import { CreatePrediction } from './create-prediction';
import { findLostLaunch } from './find-lost-launch';
import { parseModelName } from './model-name';
import { ModelSchemas } from './model-schemas';
import { OutputDownload, outputHostRule } from './output-download';
import { OutputSchema } from './output-schema';
import { reasonOf } from '../http/post-once';
import { isJobId, isRemoved, jobState } from './prediction-state';
import { LIST_PRICES, type PriceTable } from './price-table';
import { ReplicateApi, type ApiProblem } from './replicate-api';
import { PROVIDER_NAME, withoutSecrets, type ReplicateSettings } from './replicate-settings';
import { costOfRun, estimateRun } from './run-cost';

/** Any model on Replicate, official or community, by `owner/name` or `owner/name:version`. */
export class ReplicateProvider extends AiProvider {
  readonly name = PROVIDER_NAME;
  readonly title = 'Replicate';
  readonly description = 'Any public model on replicate.com, and private ones of your account. Billed by Replicate.';
  readonly tools: readonly Tool[] = ['replicate-agent-tool'];
  readonly capabilities: ProviderCapabilities = {
    idempotency: 'none', reconcile: 'list', cancel: true, result: 'job', callbacks: true, streaming: true, paid: true,
  };

  private readonly schemas: ModelSchemas;
  private readonly creation: CreatePrediction;
  private readonly download: OutputDownload;
  private readonly isOurHost: (url: string) => boolean;
  private readonly prices: PriceTable;
  private readonly api: ReplicateApi;

  /** @throws TypeError when `baseUrl` is no URL. */
  constructor(private readonly settings: ReplicateSettings) {
    super();
    const { clock } = settings;
    this.api = new ReplicateApi(settings);
    this.schemas = new ModelSchemas(this.api, () => (clock ? Date.parse(clock()) : Date.now()));
    this.creation = new CreatePrediction(settings, this.api);
    this.download = new OutputDownload(settings);
    this.isOurHost = outputHostRule(settings.baseUrl);
    this.prices = settings.priceTable ?? LIST_PRICES;
  }

  models(): { model: string; title: string; description: string }[] {
    return [];
  }

  async form(ref: ModelRef): Promise<FormAnswer> {
    const model = parseModelName(ref);
    if (!model) return { ok: false, reason: 'model_unknown', detail: 'a model on Replicate is named owner/name or owner/name:version' };
    const answer = await this.schemas.find(model);
    if (!answer.ok) return answer;
    try {
      return { ok: true, form: this.settings.buildForm(answer.raw) };
    } catch (error) {
      return { ok: false, reason: 'no_schema', detail: withoutSecrets(`the schema of ${ref.model.slice(0, 200)} cannot be read: ${reasonOf(error)}`, this.settings) };
    }
  }

  async launch(request: LaunchRequest): Promise<LaunchAnswer> {
    const answer = await this.creation.create(request);
    if (answer.kind !== 'created') return answer;
    return { kind: 'launched', jobId: answer.jobId, state: await this.stateOf(answer.prediction, request.payload) };
  }

  async follow(jobId: string, payload: Payload): Promise<FollowAnswer> {
    if (!isJobId(jobId)) return { ok: false, reason: 'gone', detail: 'this is no job id of Replicate' };
    const answer = await this.api.prediction(jobId);
    if (!answer.ok) return notFollowed(answer.problem);
    if (isRemoved(answer.value)) return { ok: false, reason: 'gone', detail: 'Replicate has deleted the output (it keeps it for about an hour)' };
    return { ok: true, state: await this.stateOf(answer.value, payload) };
  }

  async cancel(jobId: string): Promise<CancelAnswer> {
    if (!isJobId(jobId)) return { ok: false, detail: 'this is no job id of Replicate' };
    const answer = await this.api.cancel(jobId);
    if (!answer.ok) return { ok: false, detail: answer.problem.detail };
    const state = jobState(answer.value, OutputSchema.of(null), this.isOurHost);
    // Without the payload an output could be misread: a finished job is left to follow().
    return { ok: true, state: state.status === 'succeeded' ? null : state };
  }

  async reconcile(trace: LaunchTrace): Promise<ReconcileAnswer> {
    const lost = await findLostLaunch(this.api, trace);
    if (lost.kind !== 'found') return lost;
    return { kind: 'found', jobId: lost.jobId, state: await this.stateOf(lost.prediction, trace.payload) };
  }

  estimate(payload: Payload): CostEstimate {
    return estimateRun(payload, this.prices);
  }

  cost(payload: Payload, metrics: JobMetrics): CostEstimate {
    return costOfRun(payload, metrics, this.prices);
  }

  audit(output: ProviderOutput): AnswerAudit {
    return auditAnswer(output);
  }

  readCallback(request: CallbackRequest, now: Instant): CallbackReading {
    return readSignedCallback(request, this.settings.webhookSecret, now);
  }

  openOutput(url: string, signal: AbortSignal): Promise<OpenedOutput> {
    return this.download.open(url, signal);
  }

  /** The output schema says what a string is; when it cannot be had, the values alone must tell. */
  private async stateOf(prediction: JsonObject, payload: Payload): Promise<JobState> {
    const needsSchema = (prediction['output'] ?? null) !== null;
    const model = needsSchema ? parseModelName(payload) : null;
    const answer = model ? await this.schemas.find(model) : null;
    return jobState(prediction, OutputSchema.of(answer?.ok ? answer.raw.schema : null), this.isOurHost);
  }
}

function notFollowed({ status, detail, retryAfterMs }: ApiProblem): FollowAnswer {
  if (status === 404) return { ok: false, reason: 'gone', detail };
  if (status === 401 || status === 403) return { ok: false, reason: 'unauthorized', detail };
  return { ok: false, reason: 'unavailable', detail, retryAfterMs };
}
