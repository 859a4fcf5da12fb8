import type { Json } from '@countersign/core';
import { isJsonObject } from '@countersign/core';

const MAX_DELAY_MS = 3_600_000; // an hour: a longer wait is a person's decision
const IN_TEXT = /(?:resets? in|available in|retry in|try again in|retry after)\s*~?\s*(\d+(?:\.\d+)?)\s*(ms|s|sec|seconds?|m|min|minutes?)?\b/i;

/**
 * How long the provider asks us to wait, from the first place that says so: `Retry-After`, `retry_after` of the body,
 * `ratelimit-reset` (seconds), then the words of `detail`. null = it does not say.
 */
export function retryDelayMs(headers: Record<string, string | undefined>, body: Json, nowMs: number): number | null {
  const candidates = [
    fromHeader(headers['retry-after'], nowMs),
    isJsonObject(body) ? seconds(body['retry_after']) : null,
    seconds(headers['ratelimit-reset']),
    fromText(body),
  ];
  const delay = candidates.find((each) => each !== null) ?? null;
  return delay === null ? null : Math.min(Math.max(0, Math.ceil(delay)), MAX_DELAY_MS);
}

function fromHeader(value: string | undefined, nowMs: number): number | null {
  if (!value) return null;
  const plain = seconds(value);
  if (plain !== null) return plain;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at - nowMs;
}

function seconds(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number * 1000 : null;
}

function fromText(body: Json): number | null {
  const text = isJsonObject(body) ? body['detail'] : body;
  const match = typeof text === 'string' ? IN_TEXT.exec(text.slice(0, 2_000)) : null;
  if (!match?.[1]) return null;
  const unit = match[2]?.toLowerCase() ?? 's';
  return Number(match[1]) * (unit === 'ms' ? 1 : unit.startsWith('m') ? 60_000 : 1000);
}
