import { chainLines, type LineToChain, type Sha256, type StepEvent } from '@countersign/core';
import type { StepEventEntity } from '../entities/step-event.entity';
import { storable, storableText } from './storable';
import { instant } from './time.mapper';

/** The lines as Postgres keeps them, in their place in a run's chain. */
export function chained(runId: string, lines: readonly LineToChain[], prevHash: string, sha256: Sha256): StepEvent[] {
  const kept = lines.map((line) => ({
    ...line, actor: storableText(line.actor), message: storableText(line.message), metadata: storable(line.metadata), sealed: storable(line.sealed ?? {}),
  }));
  return chainLines(runId, kept, prevHash, sha256);
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
