import { approvalView, finalResult, type ArtifactUrl } from '@countersign/contracts';
import type { Approval, JsonObject, Notice, StepEvent } from '@countersign/core';

/** Body of a post to the outside WebSocket server; existing chat frontends know these keys and words. */
export interface StatusPost {
  sessionId: string | null;
  userId: string | null;
  status: string;
  action: string;
  message: string | null;
  data: JsonObject | null;
}

type Words = Pick<StatusPost, 'status' | 'action' | 'message' | 'data'> & { userId?: string | null };
type Speech = (notice: Notice, artifactUrl: ArtifactUrl) => Words[];

const thinking: Speech = ({ event }) => [{
  status: 'thinking', action: 'thinking', data: null,
  message: event.step === 'api_call' ? 'Running model inference' : `Processing ${event.step}`,
}];
const doneThinking: Speech = () => [{ status: 'done_thinking', action: 'done_thinking', message: null, data: null }];
const requested: Speech = ({ approval }, artifactUrl) => card(approval, artifactUrl, {
  status: 'hitl_request', action: 'approval_required', type: 'hitl_approval_request',
});
const updated: Speech = ({ approval }, artifactUrl) => card(approval, artifactUrl, {
  status: 'hitl_update', action: 'approval_updated', type: 'hitl_approval_updated',
});
const decided: Speech = ({ approval }, artifactUrl) => card(approval, artifactUrl, {
  status: 'hitl_update', action: 'approval_decided', type: 'hitl_approval_decided',
});
const update: Speech = ({ event }) => [
  { status: 'hitl_update', action: 'status_update', message: event.message, data: about(event, 'hitl_status_update') },
];
const stepDone: Speech = ({ event }) => [
  { status: 'hitl_update', action: 'step_completed', message: event.message, data: { ...about(event, 'hitl_step_completion'), result: event.metadata } },
];
const completion: Speech = ({ event, run }, artifactUrl) => [{
  status: 'completed', action: 'run_completed', message: event.message,
  data: { ...about(event, 'hitl_completion'), result: finalResult(run, artifactUrl) },
}];
const failure: Speech = ({ event }) => [{
  status: event.status, action: 'run_failed', message: event.message,
  data: { ...about(event, 'hitl_error'), error: event.message, code: event.metadata.code ?? event.status.toUpperCase() },
}];

/** What each kind of event says. A new kind does not compile before it has a line here. */
const SPEECH: Record<StepEvent['type'], Speech[]> = {
  created: [update],
  started: [thinking],
  prepared: [doneThinking, update],
  asked: [doneThinking, requested],
  revised: [decided, thinking],
  approved: [decided, thinking],
  returned: [decided, thinking],
  outdated: [decided, thinking],
  relaunched: [thinking],
  recovered: [decided, thinking],
  executed: [doneThinking, stepDone],
  accepted: [decided, doneThinking, completion],
  rejected: [decided, doneThinking, failure],
  expired: [decided, doneThinking, failure],
  extended: [updated],
  failed: [decided, doneThinking, failure],
  noted: [noted],
  paused: [doneThinking, update],
  resumed: [update],
  cancelled: [decided, doneThinking, failure],
};

/** All posts of one notice, in the order they are sent. */
export function postsOf(notice: Notice, artifactUrl: ArtifactUrl): StatusPost[] {
  const { run, ended } = notice;
  const words = [
    ...ended.flatMap((approval) => decided({ ...notice, approval }, artifactUrl)),
    ...SPEECH[notice.event.type].flatMap((speech) => speech(notice, artifactUrl)),
  ];
  return words.map(({ userId = run.userId, ...rest }) => ({ sessionId: run.sessionId, userId, ...rest }));
}

function noted(notice: Notice, artifactUrl: ArtifactUrl): Words[] {
  switch (notice.event.metadata.fact) {
    case 'browser_asked': return requested(notice, artifactUrl);
    case 'approval_worded': return notice.approval?.status === 'pending' ? updated(notice, artifactUrl) : [];
    case 'browser_completed': return stepDone(notice, artifactUrl);
    default: return decided(notice, artifactUrl);
  }
}

function card(approval: Approval | null, artifactUrl: ArtifactUrl, words: { status: string; action: string; type: string }): Words[] {
  if (approval === null) return [];
  const view = approvalView(approval, artifactUrl);
  return [{
    status: words.status, action: words.action, message: approval.message || approval.title, userId: approval.userId,
    data: { type: words.type, ...(view as unknown as JsonObject), created_at: approval.requestedAt },
  }];
}

/** `step` stands beside `current_step`, because older frontends read that. */
function about(event: StepEvent, type: string): JsonObject {
  return {
    type, run_id: event.runId, version: event.seq, event: event.type, status: event.status, current_step: event.step, step: event.step,
    message: event.message, timestamp: event.at,
  };
}
