import type { HitlConfigDto, RunRequestDto } from '@countersign/contracts';
import { DEFAULT_CONFIG, mayStartFor, type HitlConfig, type Json, type JsonObject, type NewRun, type Principal } from '@countersign/core';
import { invalid, ProblemError } from '../http/answers/problem';
import { USER_ID_MAX } from '../http/callers/principal-resolver';
import type { ChosenModel } from './choose-model';

/**
 * A request as the run it asks for. Merge rule of `original_input`: RunInput dump < caller's `original_input` < explicit
 * `user_id` and `session_id` < resolved provider and model.
 * @throws ProblemError FORBIDDEN when the caller may not start runs for that user
 */
export function readRequest(principal: Principal, request: RunRequestDto, chosen: ChosenModel): Omit<NewRun, 'runId'> {
  const merged: JsonObject = {
    ...dump(request.run_input), ...request.original_input,
    ...(request.user_id !== undefined && { user_id: request.user_id }),
    ...(request.session_id !== undefined && { session_id: request.session_id }),
    provider: chosen.provider.name, model: chosen.model,
  };
  const userId = ownerOf(merged, principal);
  if (!mayStartFor(principal, userId)) throw new ProblemError('FORBIDDEN', 'you may start runs for yourself only');
  return {
    tenantId: principal.tenantId, userId, sessionId: textOf(merged.session_id, 'session_id'), parentRunId: null,
    provider: chosen.provider.name, model: chosen.model, modelVersion: chosen.version, tool: chosen.tool,
    config: readConfig(request.hitl_config), originalInput: { ...merged, user_id: userId },
  };
}

function ownerOf(merged: JsonObject, principal: Principal): string {
  return textOf(merged.user_id, 'user_id') ?? principal.userId;
}

function textOf(value: Json | undefined, field: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw invalid(field, 'is_string', `${field} must be text`);
  if (value.length > USER_ID_MAX) throw invalid(field, 'max_length', `${field} has at most ${USER_ID_MAX} characters`);
  return value.trim() === '' ? null : value.trim();
}

/** The class instance as the plain JSON that came in. */
function dump(dto: object): JsonObject {
  return Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined)) as JsonObject;
}

export function readConfig(dto: HitlConfigDto | undefined): HitlConfig {
  const d = DEFAULT_CONFIG;
  return {
    policy: dto?.policy ?? d.policy,
    allowedSteps: dto?.allowed_steps ?? d.allowedSteps,
    timeoutSeconds: dto?.timeout_seconds ?? d.timeoutSeconds,
    onTimeout: dto?.on_timeout ?? d.onTimeout,
    autoApproveConfidenceThreshold: dto?.auto_approve_confidence_threshold ?? d.autoApproveConfidenceThreshold,
    reviewThresholds: { responseQualityMin: dto?.review_thresholds?.response_quality_min ?? d.reviewThresholds.responseQualityMin },
    requireApprovalSafetyFlags: dto?.require_approval_safety_flags ?? d.requireApprovalSafetyFlags,
    maxPayloadChanges: dto?.max_payload_changes ?? d.maxPayloadChanges,
    executeWithinSeconds: dto?.execute_within_seconds ?? d.executeWithinSeconds,
    enableStreaming: dto?.enable_streaming ?? d.enableStreaming,
    useNaturalLanguageHitl: dto?.use_natural_language_hitl ?? d.useNaturalLanguageHitl,
  };
}
