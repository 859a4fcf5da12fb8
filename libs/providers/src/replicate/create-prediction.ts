/*
 * What this is: the launch. Hands over files, then sends the one create request.
 * Invariants: at most one create request per call; `refused` only on proof that nothing was created (no connection, or a
 * 4xx that says so), anything else without a whole answer is `unclear`.
 */
import { isJsonObject, type JsonObject, type LaunchAnswer, type LaunchRequest, type Refusal } from '@countersign/core';
import { parseModelName, type ModelName } from './model-name';
import { FileTrouble, handOver } from './own-files';
import { POST_LIMITS, postOnce, reasonOf, type PostLimits, type PostResult } from '../http/post-once';
import { jobIdOf } from './prediction-state';
import { parseBody, refusal } from '../http/refusal';
import { problemText, refusalFrom } from './refusals';
import type { ApiProblem, ReplicateApi } from './replicate-api';
import { HIDDEN_VERSION, withoutSecrets, type ReplicateSettings } from './replicate-settings';

const MIN_CANCEL_AFTER_SECONDS = 5; // the API's minimum
const UNCLEAR_4XX = [408, 499]; // written by gateways that gave up waiting: the request may have gone through
const EVENTS = ['start', 'completed']; // `start` brings the id even when the answer is lost

export type Created = { kind: 'created'; prediction: JsonObject; jobId: string } | Exclude<LaunchAnswer, { kind: 'launched' }>;

export class CreatePrediction {
  constructor(
    private readonly settings: ReplicateSettings,
    private readonly api: ReplicateApi,
    private readonly limits: PostLimits = POST_LIMITS,
  ) {}

  async create(request: LaunchRequest): Promise<Created> {
    const { apiToken } = this.settings;
    if (!apiToken) return refused(refusal('unauthorized', 'no API token is configured'));
    const model = parseModelName(request.payload);
    if (!model) return refused(refusal('model_not_found', `${JSON.stringify(request.payload.model.slice(0, 200))} is no owner/name`));
    let input: JsonObject;
    try {
      input = await handOver(request.payload.input, request, (file) => this.upload(file, request.signal));
    } catch (error) {
      return refused(this.beforeCreate(error));
    }
    const post = { url: this.url(model), headers: this.headers(request, apiToken), body: JSON.stringify(this.body(model, input, request)), signal: request.signal };
    return this.read(await postOnce(post, this.limits));
  }

  private url(model: ModelName): URL {
    const base = this.settings.baseUrl.replace(/\/+$/, '');
    return new URL(model.version === null ? `${base}/models/${model.owner}/${model.name}/predictions` : `${base}/predictions`);
  }

  private headers(request: LaunchRequest, token: string): Record<string, string> {
    return {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'countersign',
      'cancel-after': `${Math.max(MIN_CANCEL_AFTER_SECONDS, Math.floor(request.deadlineSeconds))}s`,
    };
  }

  private body(model: ModelName, input: JsonObject, { callbackUrl }: LaunchRequest): JsonObject {
    // Replicate takes https call-backs only and would refuse the whole launch; a stand-in on http has no such rule.
    const mayCallBack = callbackUrl !== null && (callbackUrl.startsWith('https:') || this.settings.baseUrl.startsWith('http:'));
    return {
      ...(model.version === null ? {} : { version: model.version }),
      input,
      ...(mayCallBack ? { webhook: callbackUrl, webhook_events_filter: EVENTS } : {}),
    };
  }

  private read(result: PostResult): Created {
    if (result.kind === 'not_sent') return refused(refusal('unreachable', this.clean(result.why)));
    if (result.kind === 'lost') return { kind: 'unclear', detail: this.clean(result.why) };
    const { status } = result;
    const body = parseBody(result.body);
    if (status >= 400 && status < 500 && !UNCLEAR_4XX.includes(status)) {
      const told = refusalFrom(result, this.nowMs());
      const fields = told.fields.map((field) => ({ ...field, message: this.clean(field.message) }));
      return refused({ ...told, fields, detail: this.clean(told.detail) });
    }
    const jobId = status >= 200 && status < 300 ? jobIdOf(body) : null;
    if (jobId !== null && isJsonObject(body)) return { kind: 'created', prediction: body, jobId };
    return { kind: 'unclear', detail: this.clean(`HTTP ${status} without a prediction. ${problemText(body)}`.trim()) };
  }

  private async upload(file: File, signal: AbortSignal): Promise<string> {
    const answer = await this.api.upload(file, signal);
    if (!answer.ok) throw new UploadTrouble(answer.problem);
    const urls = answer.value['urls'];
    const url = isJsonObject(urls) ? urls['get'] : null;
    if (typeof url !== 'string') throw new UploadTrouble({ status: null, detail: 'the files API gave no address', retryAfterMs: null });
    return url;
  }

  /** No create request has been written yet: whatever went wrong, nothing was created. */
  private beforeCreate(error: unknown): Refusal {
    if (error instanceof UploadTrouble) {
      const { status, detail, retryAfterMs } = error.problem;
      const body = JSON.stringify({ detail: `while handing over a file: ${detail}` });
      if (status === null || status >= 500) return refusal('unreachable', this.clean(`while handing over a file: ${detail}`));
      return { ...refusalFrom({ status, headers: {}, body }, this.nowMs()), retryAfterMs };
    }
    if (error instanceof FileTrouble) {
      const fields = [{ field: error.field, code: 'file_unreadable', message: this.clean(error.message) }];
      return { ...refusal('invalid_input', `input file: ${this.clean(error.message)}`), fields };
    }
    return refusal('other', this.clean(reasonOf(error)));
  }

  private clean(text: string): string {
    return withoutSecrets(text, this.settings);
  }

  private nowMs(): number {
    return this.settings.clock ? Date.parse(this.settings.clock()) : Date.now();
  }
}

class UploadTrouble extends Error {
  constructor(readonly problem: ApiProblem) {
    super(problem.detail);
  }
}

function refused(told: Refusal): Created {
  return { kind: 'refused', refusal: told };
}

/** Whether a prediction's `version` can be that of a payload; official models show `hidden`, early ones `d-…`. */
export function isSameVersion(ours: string, theirs: unknown): boolean {
  if (ours !== HIDDEN_VERSION && ours !== '') return ours === theirs;
  return theirs === HIDDEN_VERSION || (typeof theirs === 'string' && !/^[0-9a-f]{64}$/.test(theirs));
}
