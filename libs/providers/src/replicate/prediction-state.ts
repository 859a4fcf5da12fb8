import { parseProgressFromLogs } from 'replicate';
import { isJsonObject, type FailureReason, type JobMetrics, type JobState, type Json, type JsonObject, type Progress } from '@countersign/core';
import { FAILURE_MESSAGES, failureReason } from '../declared/error-words';
import { OutputSchema } from './output-schema';
import { readOutput } from './output-parts';

const LOG_TAIL = 10_000; // characters: progress bars repaint, only the last lines count
const MAX_MESSAGE = 200; // characters of a progress line on a card
const JOB_ID = /^[A-Za-z0-9]{1,64}$/; // it becomes a path segment

/** The prediction's id; null when the answer holds none that could be asked for again. */
export function jobIdOf(prediction: Json): string | null {
  const id = isJsonObject(prediction) ? prediction['id'] : null;
  return typeof id === 'string' && isJobId(id) ? id : null;
}

export function isJobId(id: string): boolean {
  return JOB_ID.test(id);
}

/** A result that Replicate has deleted (about an hour after the end): the run may have succeeded, the answer is lost. */
export function isRemoved(prediction: JsonObject): boolean {
  return prediction['data_removed'] === true && prediction['status'] === 'succeeded' && (prediction['output'] ?? null) === null;
}

/** Reads leniently: on create and on older predictions members are missing or null. */
export function jobState(prediction: JsonObject, schema: OutputSchema, isOurHost: (url: string) => boolean): JobState {
  const metrics = metricsOf(prediction['metrics']);
  const error = errorText(prediction['error']);
  switch (prediction['status']) {
    case 'succeeded':
      return { status: 'succeeded', output: readOutput(prediction['output'] ?? null, schema, isOurHost), metrics };
    case 'failed':
      return failed(failureReason(error), error, metrics);
    case 'canceled':
      return { status: 'cancelled', detail: stopText(prediction, 'stopped while it ran'), metrics };
    case 'aborted':
      return { status: 'aborted', detail: stopText(prediction, 'ended before it ran'), metrics };
    case 'starting':
      return { status: 'starting', progress: null };
    case 'processing':
      return { status: 'processing', progress: progressOf(prediction, schema) };
    default: {
      const text = `status ${JSON.stringify(prediction['status'] ?? null)}, unknown here`;
      // A status of the future: it is over when the provider says when it was over.
      if (typeof prediction['completed_at'] === 'string') return failed('provider_error', text, metrics);
      return { status: 'processing', progress: { percent: null, message: text } };
    }
  }
}

function failed(reason: FailureReason, detail: string, metrics: JobMetrics): JobState {
  return { status: 'failed', reason, message: FAILURE_MESSAGES[reason], detail, metrics };
}

function metricsOf(metrics: Json | undefined): JobMetrics {
  const read = (key: string): number | null => {
    const value = isJsonObject(metrics) ? metrics[key] : null;
    return typeof value === 'number' && value >= 0 ? value : null;
  };
  return { computeSeconds: read('predict_time'), totalSeconds: read('total_time') };
}

function errorText(error: Json | undefined): string {
  if (typeof error === 'string') return error;
  return error === null || error === undefined ? 'no reason given' : JSON.stringify(error);
}

function stopText(prediction: JsonObject, otherwise: string): string {
  const { deadline, completed_at: completedAt } = prediction;
  const late = typeof deadline === 'string' && typeof completedAt === 'string' && Date.parse(completedAt) >= Date.parse(deadline);
  return late ? `${otherwise}: its deadline (${deadline}) had passed` : otherwise;
}

function progressOf(prediction: JsonObject, schema: OutputSchema): Progress | null {
  const logs = typeof prediction['logs'] === 'string' ? prediction['logs'].slice(-LOG_TAIL) : '';
  const bar = parseProgressFromLogs(logs);
  const lines = logs.split(/[\r\n]+/).map((line) => line.trim()).filter((line) => line !== '');
  const message = lines.at(-1)?.slice(0, MAX_MESSAGE) ?? null;
  const text = textSoFar(prediction['output'], schema);
  if (!bar && message === null && text === null) return null;
  return { percent: bar ? Math.round(bar.percentage * 100) : null, message, ...(text === null ? {} : { textSoFar: text }) };
}

function textSoFar(output: Json | undefined, schema: OutputSchema): string | null {
  if (!Array.isArray(output) || output.length === 0 || schema.item().wantsFile || !schema.isConcatenated) return null;
  return output.filter((each) => typeof each === 'string').join('');
}
