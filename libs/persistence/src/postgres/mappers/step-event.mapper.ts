import { canonicalJson, type EventLine, type Run, type Sha256, type StepEvent } from '@countersign/core';
import type { StepEventEntity } from '../entities/step-event.entity';
import { storable, storableText } from './storable';
import { instant } from './time.mapper';

/** Hash before the first event of a run. */
export const CHAIN_START = '0'.repeat(64);

/** Puts a line in its place in the run's chain: `hash` covers the line, its place, its time and the hash before it. */
export function chained(run: Run, line: EventLine | { type: 'created' } & Omit<EventLine, 'type'>, prevHash: string, sha256: Sha256): StepEvent {
  const event = {
    runId: run.runId, seq: run.version, type: line.type, step: line.step, status: line.status,
    at: run.times.updatedAt, actor: storableText(line.actor), message: storableText(line.message), metadata: storable(line.metadata), prevHash,
  };
  return { ...event, hash: sha256(canonicalJson(event)) };
}

export function toStepEvent(row: StepEventEntity): StepEvent {
  return {
    runId: row.run_id, seq: row.seq, type: row.type, step: row.step, status: row.status, at: instant(row.at),
    actor: row.actor, message: row.message, metadata: row.metadata, prevHash: row.prev_hash, hash: row.hash,
  };
}

export function toStepEventRow(event: StepEvent): Omit<StepEventEntity, 'at'> & { at: string } {
  return {
    run_id: event.runId, seq: event.seq, type: event.type, step: event.step, status: event.status, at: event.at,
    actor: event.actor, message: event.message, metadata: event.metadata, prev_hash: event.prevHash, hash: event.hash,
  };
}
