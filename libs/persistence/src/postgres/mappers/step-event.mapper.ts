import { hashOfEvent, type PlacedLine, type Sha256, type StepEvent } from '@countersign/core';
import type { StepEventEntity } from '../entities/step-event.entity';
import { storable, storableText } from './storable';
import { instant } from './time.mapper';

type Line = Omit<PlacedLine, 'type'> & { type: StepEvent['type'] };

/** Puts lines in their place in a run's chain: `hash` covers the line, its place, its time and the hash before it. */
export function chained(runId: string, lines: readonly Line[], prevHash: string, sha256: Sha256): StepEvent[] {
  let newest = prevHash;
  return lines.map(({ seq, type, step, status, at, actor, message, metadata }) => {
    const event = {
      runId, seq, type, step, status, at, actor: storableText(actor), message: storableText(message), metadata: storable(metadata), prevHash: newest,
    };
    newest = hashOfEvent(event, sha256);
    return { ...event, hash: newest };
  });
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
