import type { Json, JsonObject } from '@countersign/core';
import { versionId, type EmulatedModel } from './model-catalogue';

export type PredictionStatus = 'starting' | 'processing' | 'succeeded' | 'failed' | 'canceled' | 'aborted';

export interface PredictionRecord {
  id: string;
  model: EmulatedModel;
  /** As sent, unknown keys and all: it is echoed so. */
  input: JsonObject;
  webhook: string | null;
  /** Events asked for; null = the default (output and completed). */
  events: string[] | null;
  status: PredictionStatus;
  output: Json;
  error: string | null;
  logs: string;
  createdAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  deadline: Date | null;
  dataRemoved: boolean;
}

export function isOver(record: PredictionRecord): boolean {
  return record.status !== 'starting' && record.status !== 'processing';
}

/** The prediction as the API shows it. @param origin of this server, @param basePath of its API. */
export function predictionJson(record: PredictionRecord, origin: string, basePath: string): JsonObject {
  const { id, model, completedAt, startedAt, createdAt } = record;
  const self = `${origin}${basePath}/predictions/${id}`;
  const metrics = completedAt && {
    ...(startedAt ? { predict_time: (completedAt.getTime() - startedAt.getTime()) / 1000 } : {}),
    total_time: (completedAt.getTime() - createdAt.getTime()) / 1000,
  };
  return {
    id,
    model: `${model.owner}/${model.name}`,
    version: model.isOfficial ? 'hidden' : versionId(model),
    input: record.dataRemoved ? {} : record.input,
    logs: record.dataRemoved ? null : record.logs,
    output: record.dataRemoved ? null : record.output,
    data_removed: record.dataRemoved,
    error: record.error,
    source: 'api',
    status: record.status,
    created_at: createdAt.toISOString(),
    ...(startedAt ? { started_at: startedAt.toISOString() } : {}),
    ...(completedAt ? { completed_at: completedAt.toISOString() } : {}),
    ...(record.deadline ? { deadline: record.deadline.toISOString() } : {}),
    ...(metrics ? { metrics } : {}),
    urls: {
      get: self,
      cancel: `${self}/cancel`,
      web: `${origin}/p/${id}`,
      ...(model.streams ? { stream: `${origin}/stream/${id}` } : {}),
    },
  };
}
