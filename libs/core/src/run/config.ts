import type { OnTimeout, PolicyName, Step } from './words';

/** How a run is guarded. On the wire: `hitl_config` (`HitlConfigDto` in libs/contracts). */
export interface HitlConfig {
  policy: PolicyName;
  /** Steps at which the policy may ask; empty = all. Blocking problems ask at any step. */
  allowedSteps: Step[];
  /** How long an approval waits, in seconds. */
  timeoutSeconds: number;
  onTimeout: OnTimeout;
  /** 0..1; `auto_with_thresholds` asks below it. */
  autoApproveConfidenceThreshold: number;
  reviewThresholds: { responseQualityMin: number };
  requireApprovalSafetyFlags: string[];
  /** `auto_with_thresholds` asks when more fixes than this were made. */
  maxPayloadChanges: number;
  /** Seconds from a person's approval within which the launch must begin; later the run asks again. Absent in rows from before it was known. */
  executeWithinSeconds?: number;
  enableStreaming: boolean;
  useNaturalLanguageHitl: boolean;
}

/**
 * Launches follow their approval within a second. A quarter of an hour outlasts a restart and the longest row of automatic
 * retries (five pauses of up to two minutes), and prices, versions and files seldom change within it.
 */
export const EXECUTE_WITHIN_DEFAULT_SECONDS = 15 * 60;

export const DEFAULT_CONFIG: HitlConfig = {
  policy: 'auto',
  allowedSteps: [],
  timeoutSeconds: 3600,
  onTimeout: 'reject',
  autoApproveConfidenceThreshold: 0.9,
  reviewThresholds: { responseQualityMin: 0.7 },
  requireApprovalSafetyFlags: ['nsfw', 'pii', 'copyright'],
  maxPayloadChanges: 5,
  executeWithinSeconds: EXECUTE_WITHIN_DEFAULT_SECONDS,
  enableStreaming: false,
  useNaturalLanguageHitl: true,
};
