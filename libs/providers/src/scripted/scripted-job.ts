/*
 * What this is: the scripted provider's job id, which carries all that is needed to say how the job stands.
 * Invariant: any process answers follow() from the id, the payload and the clock alone, also after a restart.
 * To extend: add a part at the end; ids already handed out must keep their meaning.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@countersign/core';
import type { JsonObject } from '@countersign/core';
import { OUTCOMES } from './scripted-forms';
import type { Outcome } from './scripted-forms';

export interface ScriptedJob {
  /** Milliseconds since 1970. */
  startedAtMs: number;
  delayMs: number;
  /** The run stops here even if its delay is longer. */
  deadlineMs: number;
  outcome: Outcome;
  /** Start of the SHA-256 of the input. */
  inputHash: string;
  /** Tells two launches of the same input apart. */
  launchHash: string;
}

const ID = /^job-([0-9a-z]{1,12})-(\d{1,7})-(\d{1,12})-([a-z]+)-([0-9a-f]{16})-([0-9a-f]{12})$/;

export function jobIdOf(job: ScriptedJob): string {
  const { startedAtMs, delayMs, deadlineMs, outcome, inputHash, launchHash } = job;
  return ['job', startedAtMs.toString(36), delayMs, deadlineMs, outcome.replaceAll('_', ''), inputHash, launchHash].join('-');
}

/** @returns null for an id this provider never gave out. */
export function readJobId(jobId: string): ScriptedJob | null {
  const [, started = '', delay = '', deadline = '', word, inputHash = '', launchHash = ''] = ID.exec(jobId) ?? [];
  const outcome = OUTCOMES.find((one) => one.replaceAll('_', '') === word);
  if (outcome === undefined) return null;
  return {
    startedAtMs: Number.parseInt(started, 36), delayMs: Number(delay), deadlineMs: Number(deadline), outcome, inputHash, launchHash,
  };
}

export function hashOfInput(input: JsonObject): string {
  return createHash('sha256').update(canonicalJson(input)).digest('hex').slice(0, 16);
}

export function hashOfLaunch(launchId: string): string {
  return createHash('sha256').update(launchId).digest('hex').slice(0, 12);
}
