import { isJsonObject, type Json, type JsonObject } from '@countersign/core';
import { ERROR_BODIES, invalidInput } from './error-bodies';
import { jsonObject, type EmulatorAnswer, type EmulatorRequest, type Route } from './http-door';
import { checkInput, checkRequest } from './input-check';
import type { EmulatedModel } from './model-catalogue';
import type { ModelShelf } from './model-routes';
import type { PredictionBook } from './prediction-book';
import { isOver, type PredictionRecord } from './prediction-record';
import type { RateLimit } from './rate-limit';

const PAGE = 100;
const MIN_CANCEL_AFTER_MS = 5_000;
const DEFAULT_WAIT_SECONDS = 60; // `Prefer: wait` without a number

export interface PredictionHouse {
  book: PredictionBook;
  shelf: ModelShelf;
  limit: RateLimit;
  /** `http://127.0.0.1:PORT/v1` */
  apiUrl(): string;
  show(record: PredictionRecord): JsonObject;
}

export function predictionRoutes(house: PredictionHouse): Route[] {
  return [
    { method: 'POST', path: /^\/v1\/predictions$/, point: 'create', handle: (request) => createByVersion(house, request) },
    { method: 'POST', path: /^\/v1\/models\/([^/]+)\/([^/]+)\/predictions$/, point: 'create', handle: (request) => createOfficial(house, request) },
    { method: 'GET', path: /^\/v1\/predictions$/, point: 'list', handle: (request) => list(house, request) },
    { method: 'GET', path: /^\/v1\/predictions\/([^/]+)$/, point: 'prediction', handle: ({ params }) => shown(house, house.book.get(params[0] ?? '')) },
    { method: 'POST', path: /^\/v1\/predictions\/([^/]+)\/cancel$/, point: 'cancel', handle: ({ params }) => shown(house, house.book.cancel(params[0] ?? '')) },
    { method: 'GET', path: /^\/stream\/([^/]+)$/, open: true, handle: ({ params }) => stream(house, params[0] ?? '') },
  ];
}

function shown(house: PredictionHouse, record: PredictionRecord | undefined): EmulatorAnswer {
  return record ? { status: 200, body: house.show(record) } : { status: 404, body: ERROR_BODIES.notFound };
}

async function createByVersion(house: PredictionHouse, request: EmulatorRequest): Promise<EmulatorAnswer> {
  const body = jsonObject(request) ?? {};
  const wrong = checkRequest(body, true);
  if (wrong.length > 0) return { status: 422, body: invalidInput(wrong) };
  const model = house.shelf.byVersion(String(body['version']));
  return model ? create(house, request, model, body) : { status: 422, body: ERROR_BODIES.invalidVersion };
}

async function createOfficial(house: PredictionHouse, request: EmulatorRequest): Promise<EmulatorAnswer> {
  const [owner = '', name = ''] = request.params;
  const model = house.shelf.byName(owner, name);
  // Community models answer 404 here: only official ones run without a version.
  if (!model?.isOfficial) return { status: 404, body: ERROR_BODIES.notFound };
  const body = jsonObject(request) ?? {};
  const wrong = checkRequest(body, false);
  return wrong.length > 0 ? { status: 422, body: invalidInput(wrong) } : create(house, request, model, body);
}

async function create(house: PredictionHouse, request: EmulatorRequest, model: EmulatedModel, body: JsonObject): Promise<EmulatorAnswer> {
  const taken = house.limit.take();
  if (taken.refused) return { status: 429, headers: taken.headers, body: { detail: `Request was throttled. Your rate limit resets in ~${taken.resetSeconds}s.`, status: 429 } };
  const input = isJsonObject(body['input']) ? body['input'] : {};
  const wrong = checkInput(model, input);
  if (wrong.length > 0) return { status: 422, headers: taken.headers, body: invalidInput(wrong) };
  const cancelAfterMs = readDuration(request.headers['cancel-after']);
  const waitSeconds = readPrefer(request.headers['prefer']);
  if (cancelAfterMs === 'invalid') return badHeader('Cancel-After', 'must be a duration of at least 5 seconds, such as 90s, 5m or 1h30m45s');
  if (waitSeconds === 'invalid') return badHeader('Prefer', 'must be wait or wait=1..60');
  const events = Array.isArray(body['webhook_events_filter']) ? body['webhook_events_filter'].filter((each) => typeof each === 'string') : null;
  const webhook = typeof body['webhook'] === 'string' ? body['webhook'] : null;
  const record = house.book.create({ model, input, webhook, events, cancelAfterMs });
  if (waitSeconds !== null) await house.book.whenOver(record.id, waitSeconds * 1000);
  const prediction = house.show(record);
  // As recorded: `output` is missing, not null, on a prediction that has only been created.
  const { output, ...without } = prediction;
  const shownNow = output === null && !isOver(record) ? without : prediction;
  return { status: waitSeconds !== null && !isOver(record) ? 202 : 201, headers: taken.headers, body: shownNow };
}

function list(house: PredictionHouse, { query }: EmulatorRequest): EmulatorAnswer {
  const after = query.get('created_after');
  const before = query.get('created_before');
  const matching = house.book.all().filter(({ createdAt }) =>
    (after === null || createdAt.getTime() >= Date.parse(after)) && (before === null || createdAt.getTime() < Date.parse(before)));
  const wanted = query.get('source') === 'web' ? [] : matching;
  const cursor = query.get('cursor');
  const from = cursor === null ? 0 : Math.max(0, wanted.findIndex(({ id }) => id === Buffer.from(cursor, 'base64url').toString()));
  const page = wanted.slice(from, from + PAGE);
  const following = wanted[from + PAGE];
  const pageUrl = (record: PredictionRecord | undefined): Json => {
    if (!record) return null;
    const next = new URLSearchParams(query);
    next.set('cursor', Buffer.from(record.id).toString('base64url'));
    return `${house.apiUrl()}/predictions?${next}`;
  };
  return { status: 200, body: { previous: from > 0 ? pageUrl(wanted[Math.max(0, from - PAGE)]) : null, next: pageUrl(following), results: page.map(house.show) } };
}

/** Server-sent events; all at once, when it is over. */
async function stream(house: PredictionHouse, id: string): Promise<EmulatorAnswer> {
  const record = house.book.get(id);
  if (!record?.model.streams) return { status: 404, body: ERROR_BODIES.notFound };
  await house.book.whenOver(id, DEFAULT_WAIT_SECONDS * 1000);
  const chunks = Array.isArray(record.output) ? record.output.map(String) : [];
  const events = chunks.map((chunk, index) => `event: output\nid: ${index}\n${chunk.split('\n').map((line) => `data: ${line}`).join('\n')}\n\n`);
  if (record.error !== null) events.push(`event: error\ndata: ${JSON.stringify({ detail: record.error })}\n\n`);
  const reason = record.status === 'succeeded' ? {} : { reason: record.status === 'failed' ? 'error' : 'canceled' };
  const done = `event: done\ndata: ${JSON.stringify(reason)}\n\n`;
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: new TextEncoder().encode(events.join('') + done) };
}

function badHeader(name: string, description: string): EmulatorAnswer {
  return { status: 422, body: { title: 'Invalid header', detail: `${name} ${description}`, status: 422 } };
}

/** `90s`, `5m`, `1h30m45s`, `30` (seconds). */
function readDuration(text: string | undefined): number | null | 'invalid' {
  if (text === undefined) return null;
  const match = /^(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s?)?$/.exec(text);
  const ms = match ? (Number(match[1] ?? 0) * 3600 + Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)) * 1000 : 0;
  return ms >= MIN_CANCEL_AFTER_MS ? ms : 'invalid';
}

function readPrefer(text: string | undefined): number | null | 'invalid' {
  if (text === undefined) return null;
  const match = /^wait(?:=([1-9]|[1-5]\d|60))?$/.exec(text);
  return match ? Number(match[1] ?? DEFAULT_WAIT_SECONDS) : 'invalid';
}
