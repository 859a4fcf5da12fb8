import { isJsonObject, type Json, type JsonObject } from '../json';
import type { StepEvent } from '../run/events';

/** What a run's history says about the rows beside it; the newest word counts. Null = the history is older than the seal. */
export interface Claims {
  requestHash: string | null;
  /** Of the newest event only: rows move with each. */
  runHash: string | null;
  /** `none`: there is no output at this place of the history. */
  outputHash: string | 'none' | null;
  /** Hash of the newest payload that was made, shown or consented to. */
  payloadHash: string | null;
  questions: Map<string, { seq: number; hash: string | null; payloadHash: string | null }>;
  /** Approval → hash of the words that took the place of its own. */
  wordings: Map<string, string>;
  decisions: Map<string, { seq: number; hash: string; words: JsonObject }>;
  /** Approvals whose wait ended, with or without an answer. */
  settled: Set<string>;
  launches: Map<string, { seq: number; hash: string; words: JsonObject }>;
  /** Attempt → hash of the payload that was consented to. */
  consents: Map<number, string>;
}

export function claimsOf(events: readonly StepEvent[]): Claims {
  const claims: Claims = {
    requestHash: text(events[0]?.metadata.request_hash), runHash: text(events.at(-1)?.metadata.run_hash), outputHash: 'none', payloadHash: null,
    questions: new Map(), wordings: new Map(), decisions: new Map(), settled: new Set(), launches: new Map(), consents: new Map(),
  };
  for (const event of events) hear(claims, event);
  return claims;
}

function hear(claims: Claims, { type, seq, metadata }: StepEvent): void {
  const approvalId = text(metadata.approval_id);
  if (approvalId !== null && isQuestion(type, metadata)) {
    claims.questions.set(approvalId, { seq, hash: text(metadata.question_hash), payloadHash: text(metadata.payload_hash) });
  } else if (approvalId !== null && type !== 'extended' && type !== 'noted') claims.settled.add(approvalId);
  const wordingHash = text(metadata.wording_hash);
  if (approvalId !== null && wordingHash !== null) claims.wordings.set(approvalId, wordingHash);
  const decisionHash = text(metadata.decision_hash);
  if (approvalId !== null && decisionHash !== null) claims.decisions.set(approvalId, { seq, hash: decisionHash, words: object(metadata.decision) });
  hearLaunch(claims, { type, seq, metadata });
  if (type === 'prepared' || type === 'asked' || type === 'approved') claims.payloadHash = text(metadata.payload_hash);
  if (type === 'approved') claims.outputHash = 'none';
  if (type === 'executed' || type === 'accepted') claims.outputHash = text(metadata.output_hash) ?? (type === 'executed' ? null : claims.outputHash);
}

function hearLaunch(claims: Claims, { type, seq, metadata }: Pick<StepEvent, 'type' | 'seq' | 'metadata'>): void {
  const words = object(metadata.launch);
  const [launchId, hash, attempt] = [text(words.launch_id), text(metadata.launch_hash), metadata.attempt];
  if (launchId !== null && hash !== null) claims.launches.set(launchId, { seq, hash, words });
  // A person named the job of a lost launch: its row goes on, and is sealed again when that job ends.
  if (type === 'recovered') claims.launches.delete([...claims.launches.keys()].at(-1) ?? '');
  if (typeof attempt !== 'number') return;
  if (type === 'approved') claims.consents.set(attempt, text(metadata.payload_hash) ?? '');
  if (type === 'relaunched') claims.consents.set(attempt, claims.consents.get(attempt - 1) ?? '');
}

const isQuestion = (type: StepEvent['type'], metadata: JsonObject): boolean => type === 'asked' || (type === 'noted' && metadata.fact === 'browser_asked');
const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const object = (value: Json | undefined): JsonObject => (value !== undefined && isJsonObject(value) ? value : {});
