/*
 * What this is: the hash chain of a run's history, how a line gets its hash and how a broken line is found.
 * Invariant: a line's hash is the SHA-256 of the RFC 8785 text of everything else in it, the hash before it included;
 * so a line cannot be changed, moved, put in or taken out without breaking the chain at that place or after it.
 * To extend: new facts go into a line's `metadata`. The form of a line itself never changes: every hash depends on it.
 */
import { canonicalJson } from '../payload/canonical-json';
import type { Sha256 } from '../payload/payload';
import type { Json } from '../json';
import type { EventLine } from '../run/event-line';
import type { StepEvent } from '../run/events';
import { sealHash } from './seals';

/** Hash before the first event of a run. */
export const CHAIN_START = '0'.repeat(64);

/**
 * What is wrong with a line.
 * `gap`: lines before it are missing. `order`: it stands where another belongs. `altered`: its hash does not fit its
 * content. `link`: it does not follow from the line before it, so that one (or this one) was put in or written anew.
 * `foreign`: it belongs to another run. `start`: the history does not begin with the run's creation.
 */
export type ChainFault = 'gap' | 'order' | 'altered' | 'link' | 'foreign' | 'start';

export interface BrokenLine {
  /** Place in the history, 1 = first. */
  line: number;
  /** The line's own number. */
  seq: number;
  fault: ChainFault;
  /** In words. */
  detail: string;
}

/** A line with its place and time; what is `sealed` goes in as hash only. */
export type LineToChain = Omit<EventLine, 'type'> & Pick<StepEvent, 'type' | 'seq' | 'at'>;

/** Puts lines in their place in a run's chain: each `hash` covers the line, its place, its time and the hash before it. */
export function chainLines(runId: string, lines: readonly LineToChain[], prevHash: string, sha256: Sha256): StepEvent[] {
  let newest = prevHash;
  return lines.map(({ seq, type, step, status, at, actor, message, metadata, sealed = {} }) => {
    const hashes = Object.entries(sealed).map(([name, facts]) => [`${name}_hash`, sealHash(facts, sha256)]);
    const event = { runId, seq, type, step, status, at, actor, message, metadata: { ...metadata, ...Object.fromEntries(hashes) }, prevHash: newest };
    newest = hashOfEvent(event, sha256);
    return { ...event, hash: newest };
  });
}

/** @throws TypeError when the line holds something that is not JSON */
export function hashOfEvent(event: Omit<StepEvent, 'hash'>, sha256: Sha256): string {
  return sha256(canonicalJson(event as unknown as Json));
}

/** The first broken line of a whole history in order, null when it is intact. An empty history is intact: the run's own head says whether it may be. */
export function verifyChain(events: readonly StepEvent[], sha256: Sha256): BrokenLine | null {
  let prevHash = CHAIN_START;
  for (const [index, event] of events.entries()) {
    const found = faultOf(event, { place: index + 1, prevHash, runId: events[0]?.runId ?? '' }, sha256);
    if (found) return { line: index + 1, seq: event.seq, ...found };
    prevHash = event.hash;
  }
  return null;
}

interface Expected {
  place: number;
  prevHash: string;
  runId: string;
}

function faultOf(event: StepEvent, { place, prevHash, runId }: Expected, sha256: Sha256): Pick<BrokenLine, 'fault' | 'detail'> | null {
  if (event.runId !== runId) return { fault: 'foreign', detail: `the line belongs to run ${event.runId}` };
  if (event.seq > place) return { fault: 'gap', detail: `event ${place} is missing: event ${event.seq} stands in its place` };
  if (event.seq !== place) return { fault: 'order', detail: `event ${event.seq} stands where event ${place} belongs` };
  if (!fits(event, sha256)) return { fault: 'altered', detail: `the content of event ${event.seq} does not fit its hash` };
  if (event.prevHash !== prevHash) return { fault: 'link', detail: `event ${event.seq} does not follow from the event before it` };
  if (place === 1 && event.type !== 'created') return { fault: 'start', detail: `the history begins with "${event.type}"` };
  return null;
}

function fits({ hash, ...rest }: StepEvent, sha256: Sha256): boolean {
  try {
    return hashOfEvent(rest, sha256) === hash;
  } catch {
    return false;
  }
}
