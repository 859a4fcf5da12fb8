import { approvalView, finalResult, rooms, runView, type ArtifactUrl, type ServerToClientEvents } from '@countersign/contracts';
import type { Approval, Notice, StepEvent } from '@countersign/core';

type Emissions = { [E in keyof ServerToClientEvents]: { event: E; body: Parameters<ServerToClientEvents[E]>[0]; rooms: string[] } };
/** One message: what, and who gets it. */
export type Emission = Emissions[keyof Emissions];

type Speech = (notice: Notice, artifactUrl: ArtifactUrl) => Emission[];

const quiet: Speech = () => [];
const requested: Speech = ({ approval }, artifactUrl) => say('approval.requested', approval, artifactUrl);
const updated: Speech = ({ approval }, artifactUrl) => say('approval.updated', approval, artifactUrl);
const decided: Speech = ({ approval }, artifactUrl) => say('approval.decided', approval, artifactUrl);
const completed: Speech = (notice, artifactUrl) => [ended('run.completed', notice, artifactUrl)];
const failed: Speech = (notice, artifactUrl) => [ended('run.failed', notice, artifactUrl)];

/** What each kind of event says besides `run.updated`. A new kind does not compile before it has a line here. */
const SPEECH: Record<StepEvent['type'], Speech[]> = {
  created: [quiet],
  started: [quiet],
  prepared: [quiet],
  asked: [requested],
  revised: [decided],
  approved: [decided],
  returned: [decided],
  outdated: [decided],
  relaunched: [quiet],
  recovered: [decided],
  executed: [quiet],
  accepted: [decided, completed],
  rejected: [decided, failed],
  expired: [decided, failed],
  extended: [updated],
  failed: [decided, failed],
  noted: [noted],
  paused: [quiet],
  resumed: [quiet],
  cancelled: [decided, failed],
};

/** All messages of one notice, in the order they are sent. */
export function emissionsOf(notice: Notice, artifactUrl: ArtifactUrl): Emission[] {
  const { run, history, waitingFor, ended: closed } = notice;
  return [
    { event: 'run.updated', body: runView(run, history, waitingFor), rooms: roomsOf(notice) },
    ...closed.flatMap((approval) => say('approval.decided', approval, artifactUrl)),
    ...SPEECH[notice.event.type].flatMap((speech) => speech(notice, artifactUrl)),
  ];
}

function noted(notice: Notice, artifactUrl: ArtifactUrl): Emission[] {
  if (notice.event.metadata.fact === 'browser_completed') return [];
  if (notice.event.metadata.fact === 'approval_worded') return notice.approval?.status === 'pending' ? updated(notice, artifactUrl) : [];
  return notice.event.metadata.fact === 'browser_asked' ? requested(notice, artifactUrl) : decided(notice, artifactUrl);
}

function say(event: 'approval.requested' | 'approval.updated' | 'approval.decided', approval: Approval | null, artifactUrl: ArtifactUrl): Emission[] {
  if (approval === null) return [];
  const { tenantId, runId, sessionId, userId } = approval;
  return [{ event, body: approvalView(approval, artifactUrl), rooms: audience({ tenantId, runId, sessionId, userId }) }];
}

function ended(event: 'run.completed' | 'run.failed', notice: Notice, artifactUrl: ArtifactUrl): Emission {
  const { run, history, waitingFor } = notice;
  const result = event === 'run.completed' ? finalResult(run, artifactUrl) : null;
  return { event, body: { ...runView(run, history, waitingFor), final_result: result }, rooms: roomsOf(notice) };
}

function roomsOf({ run }: Notice): string[] {
  return audience(run);
}

/** Rooms of everybody who sees it. */
export function audience(of: { tenantId: string; runId: string; userId: string | null; sessionId: string | null }): string[] {
  return [
    rooms.tenantReviewers(of.tenantId),
    rooms.run(of.runId),
    ...(of.userId === null ? [] : [rooms.user(of.tenantId, of.userId)]),
    ...(of.sessionId === null ? [] : [rooms.session(of.tenantId, of.sessionId)]),
  ];
}
