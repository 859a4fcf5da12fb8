/*
 * What this is: from what reviewers did to what may be proposed, pure.
 * Invariant: a habit only proposes; nothing is changed without a ruling that a person gave (9).
 */
import type { Instant, Json } from '../json';
import { canonicalJson } from '../payload/canonical-json';

/** Cards that are looked at: the last ones on which the field held the same value before. "Last 4 of 5" is said at a glance. */
export const HABIT_WINDOW = 5;
/** Alike changes among them that make a habit: two may be chance. */
export const HABIT_ALIKE = 3;
/** Decisions kept for each user and model: more than ten windows, and half a year of most people's reviews. */
export const MAX_OBSERVATIONS = 50;
/** Different changes kept for each user and model, those with a ruling not counted: far more than anybody reads. */
export const MAX_MEMORIES = 200;
/** Payloads that confidence looks back on. */
export const REVIEWED_WINDOW = 10;
/** Below this number of reviewed payloads nothing is concluded from them. */
export const REVIEWED_ENOUGH = 5;

/** What a person said about a remembered change. */
export interface Ruling {
  /** `muted`: never propose it; `always`: make it without asking, where the requester left the field to the model. */
  state: 'muted' | 'always';
  /** `human:<user>` */
  by: string;
  at: Instant;
}

export const MEMORY_STATES = ['noted', 'proposed', 'muted', 'always'] as const;
/** `noted`: seen, but not often enough to be proposed. */
export type MemoryState = (typeof MEMORY_STATES)[number];

/** One change of one field that reviewers made for one user on one version of a model. */
export interface MemoryEntry {
  memoryId: string;
  tenantId: string;
  userId: string;
  provider: string;
  model: string;
  version: string;
  field: string;
  before: Json;
  after: Json;
  ruling: Ruling | null;
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  /** What was done with the field on each card that is remembered, newest first. */
  seen: { before: Json; after: Json }[];
}

/** What is remembered for one user on one version of a model. */
export interface RunMemory {
  entries: MemoryEntry[];
  /** Of the last payloads that people decided about (at most REVIEWED_WINDOW), how many they changed. */
  reviewed: Reviewed;
}

export interface Reviewed {
  payloads: number;
  changed: number;
}

export interface HabitEvidence {
  /** Cards with this very change. */
  alike: number;
  /** Cards looked at, HABIT_WINDOW at most. */
  of: number;
  /** Often enough, and no newer change contradicts it. */
  isHabit: boolean;
  /** "last 4 of 5: aspect_ratio 1:1 → 16:9" */
  words: string;
}

/**
 * Only cards on which the field held the same value count: a 4:3 that stayed says nothing about what becomes of a 1:1. A card
 * that left the value alone weakens a habit; a newer one that made another value of it, or took the change back, ends it until
 * the change is made again.
 */
export function habitEvidence({ field, before, after, seen }: Pick<MemoryEntry, 'field' | 'before' | 'after' | 'seen'>): HabitEvidence {
  const isAlike = (card: Change): boolean => sameValue(card.before, before) && sameValue(card.after, after);
  const window = seen.filter((card) => sameValue(card.before, before)).slice(0, HABIT_WINDOW);
  const alike = window.filter(isAlike).length;
  const newest = seen.find((card) => speaksOf({ before, after }, card));
  return {
    alike, of: window.length, isHabit: alike >= HABIT_ALIKE && newest !== undefined && isAlike(newest),
    words: `last ${alike} of ${window.length}: ${field} ${valueWords(before)} → ${valueWords(after)}`,
  };
}

type Change = Pick<MemoryEntry, 'before' | 'after'>;

/** It changed the same value, or took the change back. */
function speaksOf({ before, after }: Change, card: Change): boolean {
  if (sameValue(card.before, before)) return !sameValue(card.after, before);
  return sameValue(card.before, after) && sameValue(card.after, before);
}

export function memoryState(entry: Pick<MemoryEntry, 'field' | 'before' | 'after' | 'seen' | 'ruling'>): MemoryState {
  return entry.ruling?.state ?? (habitEvidence(entry).isHabit ? 'proposed' : 'noted');
}

export function sameValue(a: Json, b: Json): boolean {
  return a === b || canonicalJson(a) === canonicalJson(b);
}

function valueWords(value: Json): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : canonicalJson(value);
}
