/*
 * What this is: what providers share whose models answer in the very call that asks them (OpenAI, Anthropic).
 * Invariants: at most one POST per launch, never resent; `refused` only where nothing was made (no connection, a 4xx, the
 * provider's own "overloaded"); whatever else ends without a whole answer is `unclear`. These APIs have neither a list of
 * calls nor a documented idempotency key, so an unclear call cannot be found again: a person is asked.
 * To extend: a provider is a subclass with its table and headers; a model is a line in that table.
 */
import { AiProvider } from '@countersign/core';
import type {
  AnswerAudit, CallbackReading, CancelAnswer, CostEstimate, FollowAnswer, FormAnswer, JobMetrics, LaunchAnswer, LaunchRequest, LaunchTrace,
  ModelRef, OpenedOutput, Payload, ProviderCapabilities, ProviderOutput, ReconcileAnswer, Refusal, Tool,
} from '@countersign/core';
import { auditAnswer } from '../declared/answer-audit';
import { checkInput } from '../declared/check-input';
import { parseBody, refusal } from '../http/refusal';
import { POST_LIMITS, postOnce, reasonOf, type PostResult } from '../http/post-once';
import { costOfCall, estimateCall } from './call-cost';
import { isOverloaded, refusalFrom, requestId, wordsOf } from './error-answer';
import { handOverPictures } from './hand-over-pictures';
import { FieldTrouble, type OneCallModel } from './one-call-model';
import { LIST_PRICES, type UnitPrice } from './price-list';

export interface OneCallSettings {
  /** null = not configured: launches are refused without a request. */
  apiKey: string | null;
  baseUrl: string;
  /** The operator's own prices, before the list that comes with us. */
  prices?: readonly UnitPrice[];
  /** Longest wait for a whole answer, ms. */
  answerMs?: number;
}

const ANSWER_MS = 600_000; // ten minutes: what both official clients wait for an answer that is not streamed
const ANSWER_BYTES = 150_000_000; // ten large pictures in base64
const UNCLEAR_4XX = [408, 499]; // written by gateways that gave up waiting: the request may have gone through
const MAX_DETAIL = 2_000; // characters: enough for any error body, small enough for a log line and a row
const MAX_ID = 200; // characters of a name that is repeated

export abstract class OneCallProvider extends AiProvider {
  readonly tools: readonly Tool[] = []; // asked for by name
  readonly capabilities: ProviderCapabilities = {
    idempotency: 'none', reconcile: 'none', cancel: false, result: 'sync', callbacks: false, streaming: false, paid: true,
  };

  constructor(protected readonly settings: OneCallSettings) {
    super();
  }

  /** The environment variable of the key, for the operator's eyes. */
  protected abstract readonly keyName: string;
  /** By the name a payload uses; null = not a model of this provider. */
  protected abstract find(model: string): OneCallModel | null;
  protected abstract headers(key: string, launchId: string): Record<string, string>;

  async form({ model, version }: ModelRef): Promise<FormAnswer> {
    const found = this.find(model);
    if (found !== null && (version === null || version === found.form.version)) return { ok: true, form: found.form };
    const known = this.models().map((each) => each.model).join(', ');
    return { ok: false, reason: 'model_unknown', detail: found ? `${model} has no version ${version}` : `${this.name} has no model ${model.slice(0, MAX_ID)}. It has: ${known}` };
  }

  async launch(request: LaunchRequest): Promise<LaunchAnswer> {
    if (request.signal.aborted) return refuse(refusal('other', 'called off before it was sent'));
    const { model: name, version, input } = request.payload;
    const model = this.find(name);
    if (model === null || model.form.version !== version) return refuse(refusal('model_not_found', `${name.slice(0, MAX_ID)}, version ${version.slice(0, MAX_ID)}`));
    const key = this.settings.apiKey;
    if (!key) return refuse(refusal('unauthorized', `${this.keyName} is not set`));
    const wrong = checkInput(model.form, input);
    if (wrong.length > 0) return refuse({ ...refusal('invalid_input', wrong.map((each) => each.message).join('. ')), fields: wrong });
    let body: string;
    try {
      body = JSON.stringify(model.body(await handOverPictures(input, model.form, request)));
    } catch (error) {
      return refuse(this.beforeTheCall(error));
    }
    const startedAt = performance.now();
    const result = await this.post({ model, key, body, request });
    return this.read(result, { model, request, seconds: Math.round(performance.now() - startedAt) / 1000 });
  }

  private post({ model, key, body, request }: { model: OneCallModel; key: string; body: string; request: LaunchRequest }): Promise<PostResult> {
    const headers = { 'content-type': 'application/json', accept: '*/*', 'user-agent': 'countersign', ...this.headers(key, request.launchId) };
    const answerMs = Math.min(this.settings.answerMs ?? ANSWER_MS, request.deadlineSeconds * 1000);
    return postOnce({ url: this.url(model.path), headers, body, signal: request.signal }, { ...POST_LIMITS, answerMs, answerBytes: ANSWER_BYTES });
  }

  /** Both providers' own tools take the address with and without `/v1`, so both are taken here. */
  private url(path: string): URL {
    const { origin, pathname } = new URL(this.settings.baseUrl);
    return new URL(`${origin}${pathname === '/' ? '/v1' : pathname.replace(/\/+$/, '')}${path}`);
  }

  private read(result: PostResult, { model, request, seconds }: { model: OneCallModel; request: LaunchRequest; seconds: number }): LaunchAnswer {
    if (result.kind === 'not_sent') return refuse(refusal('unreachable', this.clean(result.why)));
    const metrics: JobMetrics = { computeSeconds: null, totalSeconds: seconds };
    if (result.kind === 'lost') {
      if (!request.signal.aborted) return { kind: 'unclear', detail: this.clean(result.why) };
      return { kind: 'launched', jobId: request.launchId, state: { status: 'cancelled', detail: 'stopped while it ran; it may be billed', metrics } };
    }
    const { status, headers, body, bytes } = result;
    if ((status >= 400 && status < 500 && !UNCLEAR_4XX.includes(status)) || isOverloaded(status, body)) return refuse(this.cleaned(refusalFrom(result, model, Date.now())));
    const isOk = status >= 200 && status < 300;
    const reading = isOk ? model.read({ headers, json: parseBody(body), bytes }) : null;
    if (!reading?.ok) {
      return { kind: 'unclear', detail: this.clean(`HTTP ${status} ${reading ? reading.why : wordsOf(parseBody(body))}${requestId(headers)}`) };
    }
    const { output, usage } = reading;
    // The answer's own id stands in the answer; servers that imitate these APIs give every answer the same.
    return { kind: 'launched', jobId: request.launchId, state: { status: 'succeeded', output, metrics: { ...metrics, ...(usage ? { usage } : {}) } } };
  }

  async follow(jobId: string): Promise<FollowAnswer> {
    return { ok: false, reason: 'gone', detail: `${jobId.slice(0, MAX_ID)}: answers come with the call and cannot be asked for again` };
  }

  async cancel(jobId: string): Promise<CancelAnswer> {
    return { ok: false, detail: `${jobId.slice(0, MAX_ID)}: a call is stopped by its launch's signal` };
  }

  async reconcile(_trace: LaunchTrace): Promise<ReconcileAnswer> {
    return { kind: 'not_found' };
  }

  estimate(payload: Payload): CostEstimate {
    return estimateCall(payload, this.find(payload.model), this.priceOf(payload.model));
  }

  cost(payload: Payload, metrics: JobMetrics): CostEstimate {
    return costOfCall(payload, metrics, this.priceOf(payload.model));
  }

  audit(output: ProviderOutput): AnswerAudit {
    return auditAnswer(output);
  }

  readCallback(): CallbackReading {
    return { ok: false, reason: 'not_configured' };
  }

  async openOutput(url: string): Promise<OpenedOutput> {
    throw new Error(`${this.name} hands its files over with the answer; ${URL.canParse(url) ? new URL(url).host : 'this address'} is not one of its hosts`);
  }

  /** A dated name costs what its undated one does, unless the list says otherwise. */
  private priceOf(model: string): UnitPrice | null {
    const undated = model.replace(/-(\d{4}-\d{2}-\d{2}|\d{8})$/, '');
    const prices = [...(this.settings.prices ?? []), ...LIST_PRICES];
    return prices.find((each) => each.model === model) ?? prices.find((each) => each.model === undated) ?? null;
  }

  private beforeTheCall(error: unknown): Refusal {
    if (!(error instanceof FieldTrouble)) return refusal('other', this.clean(reasonOf(error)));
    const message = this.clean(error.message);
    return { ...refusal('invalid_input', message), fields: [{ field: error.field, code: error.code, message }] };
  }

  private cleaned(told: Refusal): Refusal {
    return { ...told, detail: this.clean(told.detail), fields: told.fields.map((field) => ({ ...field, message: this.clean(field.message) })) };
  }

  /** The operator's text with the key taken out, however it got in. */
  private clean(text: string): string {
    const { apiKey } = this.settings;
    return (apiKey ? text.replaceAll(apiKey, '[secret]') : text).slice(0, MAX_DETAIL);
  }
}

function refuse(told: Refusal): LaunchAnswer {
  return { kind: 'refused', refusal: told };
}
