/*
 * What this is: finding a prediction whose create answer was lost. The API knows no client key, so the account's list is
 * searched for one made in the right minutes with the same model, version and input, that no other launch owns.
 * Invariant: what cannot be told apart is `ambiguous`, never guessed: taking another run's result for ours is worse than
 * asking. A file handed over is compared by content; when it cannot be, the match counts as unsure.
 */
import { addMs, canonicalJson, isJsonObject, type Json, type JsonObject, type LaunchTrace } from '@countersign/core';
import { isSameVersion } from './create-prediction';
import { parseModelName } from './model-name';
import { ownUrls, readWhole, sha256, type OwnFiles } from './own-files';
import { POST_LIMITS } from '../http/post-once';
import { jobIdOf } from './prediction-state';
import type { ReplicateApi } from './replicate-api';

const CLOCK_SKEW_MS = 60_000; // between our clock and theirs
const LATE_CREATION_MS = POST_LIMITS.connectMs + POST_LIMITS.answerMs; // after that we had given up on the answer
const MAX_PAGES = 30; // 100 each: the rate limit (600 creates a minute) allows 1 900 in the window

export type LostLaunch =
  | { kind: 'found'; jobId: string; prediction: JsonObject }
  | { kind: 'not_found' }
  | { kind: 'ambiguous'; jobIds: string[] }
  | { kind: 'unavailable'; detail: string };

type Likeness = 'same' | 'different' | 'unsure';

export async function findLostLaunch(api: ReplicateApi, trace: LaunchTrace): Promise<LostLaunch> {
  const window = { createdAfter: addMs(trace.submittedAt, -CLOCK_SKEW_MS), createdBefore: addMs(trace.submittedAt, LATE_CREATION_MS + CLOCK_SKEW_MS) };
  const search = new Search(api, trace);
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await api.predictions(window, cursor);
    if (!answer.ok) return { kind: 'unavailable', detail: answer.problem.detail };
    const results = Array.isArray(answer.value['results']) ? answer.value['results'].filter(isJsonObject) : [];
    for (const prediction of results) {
      if (isWithin(prediction['created_at'], window)) await search.look(prediction);
    }
    cursor = cursorOf(answer.value['next']);
    const last = results.at(-1)?.['created_at'];
    if (cursor === null || (typeof last === 'string' && Date.parse(last) < Date.parse(window.createdAfter))) return search.result();
  }
  return { kind: 'unavailable', detail: `more than ${MAX_PAGES} pages of predictions in the minutes of the launch` };
}

class Search {
  private readonly same: { jobId: string; prediction: JsonObject }[] = [];
  private readonly unsure: string[] = [];

  constructor(private readonly api: ReplicateApi, private readonly trace: LaunchTrace) {}

  async look(prediction: JsonObject): Promise<void> {
    const { payload, claimedJobIds } = this.trace;
    const jobId = jobIdOf(prediction);
    if (jobId === null || claimedJobIds.includes(jobId) || !isSameModel(payload.model, prediction)) return;
    if (!isSameVersion(payload.version, prediction['version'])) return;
    const likeness = await this.compare(payload.input, prediction['input'] ?? null);
    if (likeness === 'same') this.same.push({ jobId, prediction });
    else if (likeness === 'unsure') this.unsure.push(jobId);
  }

  result(): LostLaunch {
    const [only] = this.same;
    if (only && this.same.length === 1 && this.unsure.length === 0) return { kind: 'found', ...only };
    const jobIds = [...this.same.map((each) => each.jobId), ...this.unsure];
    return jobIds.length === 0 ? { kind: 'not_found' } : { kind: 'ambiguous', jobIds };
  }

  private async compare(ours: Json, theirs: Json): Promise<Likeness> {
    if (typeof ours === 'string' && typeof theirs === 'string') return ours === theirs ? 'same' : this.compareText(ours, theirs);
    if (Array.isArray(ours) && Array.isArray(theirs)) {
      if (ours.length !== theirs.length) return 'different';
      return this.worst(ours.map((each, index) => [each, theirs[index] ?? null]));
    }
    if (isJsonObject(ours) && isJsonObject(theirs)) {
      const keys = Object.keys(ours);
      if (keys.length !== Object.keys(theirs).length || keys.some((key) => !Object.hasOwn(theirs, key))) return 'different';
      return this.worst(keys.map((key) => [ours[key] ?? null, theirs[key] ?? null]));
    }
    return canonicalJson(ours) === canonicalJson(theirs) ? 'same' : 'different';
  }

  private async worst(pairs: [Json, Json][]): Promise<Likeness> {
    let worst: Likeness = 'same';
    for (const [ours, theirs] of pairs) {
      const likeness = await this.compare(ours, theirs);
      if (likeness === 'different') return likeness;
      if (likeness === 'unsure') worst = likeness;
    }
    return worst;
  }

  /** Different words may be one file: ours by our address, theirs as it was handed over. */
  private async compareText(ours: string, theirs: string): Promise<Likeness> {
    const { openInput, isOwnFile } = this.trace;
    if (!openInput || !isOwnFile) return isHandedOver(theirs) && /^(https?:|\/|data:)/.test(ours) ? 'unsure' : 'different';
    const files: OwnFiles = { openInput, isOwnFile };
    const list = ownUrls(ours, files);
    if (!list) return 'different';
    const given = list.separator === null ? [theirs] : theirs.split(list.separator);
    if (given.length !== list.urls.length) return 'different';
    let worst: Likeness = 'same';
    for (const [index, url] of list.urls.entries()) {
      const likeness = await this.compareFile(url, given[index] ?? '', files);
      if (likeness === 'different') return likeness;
      if (likeness === 'unsure') worst = likeness;
    }
    return worst;
  }

  private async compareFile(ours: string, theirs: string, files: OwnFiles): Promise<Likeness> {
    if (!files.isOwnFile(ours)) return ours === theirs ? 'same' : 'different';
    if (!isHandedOver(theirs)) return 'different';
    const [own, given] = await Promise.all([this.ownDigest(ours, files), this.givenDigest(theirs)]);
    if (own === null || given === null) return 'unsure';
    return own === given ? 'same' : 'different';
  }

  private async ownDigest(url: string, files: OwnFiles): Promise<string | null> {
    try {
      return sha256(await readWhole(await files.openInput(url)));
    } catch {
      return null;
    }
  }

  private async givenDigest(url: string): Promise<string | null> {
    const inline = /^data:[^,]*;base64,/.exec(url.slice(0, 300));
    if (inline) return sha256(Buffer.from(url.slice(inline[0].length), 'base64'));
    const id = /\/files\/([A-Za-z0-9_-]{1,100})$/.exec(url)?.[1];
    const file = id ? await this.api.file(id) : null;
    const checksums = file?.ok ? file.value['checksums'] : null;
    const digest = isJsonObject(checksums) ? checksums['sha256'] : null;
    return typeof digest === 'string' ? digest.toLowerCase() : null;
  }
}

function isHandedOver(url: string): boolean {
  return /^data:|^https?:\/\/[^/]+\/(?:.*\/)?files\/|^https:\/\/(?:[\w-]+\.)*replicate\.delivery\//.test(url.slice(0, 2_000));
}

function isSameModel(model: string, prediction: JsonObject): boolean {
  const ours = parseModelName({ model, version: null });
  const theirs = prediction['model'];
  return ours !== null && typeof theirs === 'string' && theirs.toLowerCase() === `${ours.owner}/${ours.name}`.toLowerCase();
}

function isWithin(createdAt: Json | undefined, window: { createdAfter: string; createdBefore: string }): boolean {
  const at = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
  return at >= Date.parse(window.createdAfter) && at <= Date.parse(window.createdBefore);
}

/** Only the cursor of `next` is used: its host may be another name of the API, which must not get the token. */
function cursorOf(next: Json | undefined): string | null {
  return typeof next === 'string' && URL.canParse(next) ? new URL(next).searchParams.get('cursor') : null;
}
