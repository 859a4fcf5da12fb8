/*
 * What this is: a run's receipt, drawn from its hash chain alone, and the check of one that somebody holds.
 * Invariant: everything in it but the verdict can be drawn again from its own `events`, so nothing in it can be changed by
 * itself; and the events are chained, so none of them can either.
 * To extend: a new field gets a new `format`, and the check knows both.
 */
import {
  canonicalJson, claimsOf, isTerminal, sealHash, verifyChain, type AuditRecord, type Json, type JsonObject, type RunVerdict, type Sha256, type StepEvent,
} from '@countersign/core';
import type { ReceiptConsentView, ReceiptEventView, ReceiptLaunchView, ReceiptQuestionView, ReceiptView } from '../api/receipt-view';

const FORMAT = 'countersign-receipt-1';
/** Before the user's name in an actor. */
const HUMAN = 'human:';

export function receiptView({ run, events }: AuditRecord, verdict: RunVerdict, sha256: Sha256): ReceiptView {
  const { runId, tenantId, userId, provider, model } = run;
  const findings = verdict.findings.map(({ seq, fault, detail }) => `${seq === null ? '' : `event ${seq}: `}${fault}: ${detail}`);
  const receipt = { ...drawn({ run_id: runId, tenant_id: tenantId, user_id: userId, provider, model }, events), verdict: { intact: findings.length === 0, findings, unproven: verdict.unproven } };
  return { ...receipt, receipt_hash: sealHash(receipt, sha256) };
}

/** What is wrong with a receipt, in words; none = it is what was issued, and its chain is whole. */
export function checkReceipt(value: unknown, sha256: Sha256): string[] {
  if (!isReceipt(value)) return ['this is no receipt of Countersign'];
  const { receipt_hash: hash, ...rest } = value;
  const problems: string[] = [];
  if (safely(() => sealHash(rest, sha256)) !== hash) problems.push('its content does not fit its hash');
  const events = value.events.map((event) => toEvent(value.run_id, event));
  const broken = verifyChain(events, sha256);
  if (events.length === 0) problems.push('it has no history');
  if (broken) problems.push(`event ${broken.seq}: ${broken.fault}: ${broken.detail}`);
  const { run_id, tenant_id, user_id, provider, model, verdict } = value;
  const again = { ...drawn({ run_id, tenant_id, user_id, provider, model }, events), verdict };
  for (const name of Object.keys({ ...again, ...rest })) {
    const [is, was] = [again, rest].map((each) => safely(() => canonicalJson(((each as unknown as JsonObject)[name] ?? null) as Json)));
    if (is !== was) problems.push(`"${name}" is not what its history says`);
  }
  if (verdict?.intact !== true) problems.push('when it was made, the run was found broken');
  return problems;
}

type About = Pick<ReceiptView, 'run_id' | 'tenant_id' | 'user_id' | 'provider' | 'model'>;

function drawn(about: About, events: readonly StepEvent[]): Omit<ReceiptView, 'verdict' | 'receipt_hash'> {
  const [first, last] = [events[0], events.at(-1)];
  const claims = claimsOf(events);
  const launches = launchesOf(events);
  return {
    format: FORMAT, ...about, ...aboutOf(first),
    status: last?.status ?? '', step: last?.step ?? '', started_at: first?.at ?? '', ended_at: last && isTerminal(last.status) ? last.at : null,
    request_hash: claims.requestHash,
    questions: questionsOf(events),
    consents: consentsOf(events),
    launches,
    output_hash: claims.outputHash === 'none' ? null : claims.outputHash,
    cost: costOf(launches),
    events: events.map(toEventView),
    head: last?.hash ?? '',
  };
}

/** Whose run it is, as far as its first event says: older ones name no tenant. */
function aboutOf(first: StepEvent | undefined): Partial<About> {
  const { provider, model, tenant_id: tenantId } = first?.metadata ?? {};
  const user = first?.actor.startsWith(HUMAN) === true ? { user_id: first.actor.slice(HUMAN.length) } : {};
  return { ...user, ...(typeof provider === 'string' && { provider }), ...(typeof model === 'string' && { model }), ...(typeof tenantId === 'string' && { tenant_id: tenantId }) };
}

function questionsOf(events: readonly StepEvent[]): ReceiptQuestionView[] {
  const questions = new Map<string, ReceiptQuestionView>();
  for (const { type, at, actor, metadata } of events) {
    const approvalId = text(metadata.approval_id);
    if (approvalId === null) continue;
    const isNew = type === 'asked' || metadata.fact === 'browser_asked';
    const known = questions.get(approvalId) ?? { ...UNANSWERED, approval_id: approvalId, checkpoint_type: text(metadata.checkpoint_type) ?? (type === 'noted' ? 'browser_action' : '') };
    const asked = isNew ? { asked_at: at, payload_hash: text(metadata.payload_hash), question_hash: text(metadata.question_hash) } : {};
    questions.set(approvalId, { ...known, ...asked, ...answerOf(metadata, { at, actor, type }) });
  }
  return [...questions.values()];
}

const UNANSWERED = { asked_at: null, payload_hash: null, question_hash: null, action: null, decided_by: null, decided_at: null, via: null, decision_hash: null };

function answerOf(metadata: JsonObject, { at, actor, type }: Pick<StepEvent, 'at' | 'actor' | 'type'>): Partial<ReceiptQuestionView> {
  const decision = object(metadata.decision);
  if (decision) {
    const { action, by, at: decidedAt, via } = decision;
    return { action: text(action), decided_by: text(by), decided_at: text(decidedAt), via: text(via), decision_hash: text(metadata.decision_hash) };
  }
  // The clock and a cancellation end a question without an answer; so did answers from before they were sealed.
  return type === 'asked' || type === 'noted' || type === 'extended' ? {} : { decided_by: actor, decided_at: at };
}

function consentsOf(events: readonly StepEvent[]): ReceiptConsentView[] {
  return events.flatMap(({ type, at, actor, metadata }) => (type === 'approved'
    ? [{ attempt: Number(metadata.attempt), payload_hash: text(metadata.payload_hash) ?? '', by: actor, approval_id: text(metadata.approval_id), at }]
    : []));
}

function launchesOf(events: readonly StepEvent[]): ReceiptLaunchView[] {
  const launches = new Map<string, ReceiptLaunchView>();
  for (const { metadata } of events) {
    const launch = object(metadata.launch);
    if (!launch) continue;
    const id = text(launch.launch_id) ?? '';
    launches.set(id, {
      launch_id: id, attempt: Number(launch.attempt), status: text(launch.status) ?? '', provider_job_id: text(launch.job_id), payload_hash: text(launch.payload_hash) ?? '',
      submitted_at: text(launch.submitted_at) ?? '', finished_at: text(launch.finished_at), cost: object(launch.cost),
      files: Array.isArray(launch.files) ? launch.files.map(object).filter((file) => file !== null) : [],
      launch_hash: text(metadata.launch_hash) ?? '',
    });
  }
  return [...launches.values()];
}

function costOf(launches: ReceiptLaunchView[]): JsonObject {
  const sums: Record<string, number> = {};
  for (const { cost } of launches) {
    if (cost && typeof cost.amount === 'number' && typeof cost.currency === 'string') sums[cost.currency] = (sums[cost.currency] ?? 0) + cost.amount;
  }
  return sums;
}

function toEventView({ seq, type, step, status, at, actor, message, metadata, prevHash, hash }: StepEvent): ReceiptEventView {
  return { seq, type, step, status, at, actor, message, metadata, prev_hash: prevHash, hash };
}

/** Back into the form that was hashed; a field that nobody wrote stays in, and breaks the hash. */
function toEvent(runId: string, { prev_hash: prevHash, ...event }: ReceiptEventView): StepEvent {
  return { ...event, metadata: object(event.metadata) ?? {}, runId, prevHash } as StepEvent;
}

function isReceipt(value: unknown): value is ReceiptView {
  const receipt = value as Partial<ReceiptView> | null;
  return typeof receipt === 'object' && receipt?.format === FORMAT && Array.isArray(receipt.events) && receipt.events.every((event) => object(event as unknown as Json) !== null);
}

function safely(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const object = (value: Json | undefined): JsonObject | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null);
