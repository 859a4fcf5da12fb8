/*
 * What this is: the gates of a run: whether a person is asked before it runs, after it ran, and when it failed.
 * Invariant: blocking problems and doubts about what came back ask under every policy; a yes without a person names its policy.
 * To extend: a new policy is a case in each gate, and the compiler asks for it; a new threshold is a line of the doubts.
 */
import type { Preparation, RunOutput, SafetyFlag } from './run';
import type { HitlConfig } from './config';
import type { Step } from './words';

/** Whether a gate asks a person, and why. */
export type GateAnswer = { ask: true; reason: string } | { ask: false; reason: string };

const ask = (reason: string): GateAnswer => ({ ask: true, reason });
const pass = (reason: string): GateAnswer => ({ ask: false, reason });

/** Blocking problems ask under every policy: there is nothing that could be run. */
export function validationGate(preparation: Preparation): GateAnswer {
  const { blocking_issues: blocking } = preparation.summary;
  if (blocking > 0) return ask(`${blocking} blocking ${blocking === 1 ? 'problem' : 'problems'}`);
  if (preparation.payload === null) return ask('no payload could be made');
  return pass('nothing blocks');
}

/** The payload before it runs. */
export function payloadGate(config: HitlConfig, preparation: Preparation): GateAnswer {
  switch (config.policy) {
    case 'auto': return pass('policy:auto');
    case 'require_human':
      return stepAsks(config, 'payload_review') ? ask('policy:require_human') : pass('policy:require_human, step not listed');
    case 'auto_with_thresholds': {
      if (!stepAsks(config, 'payload_review')) return pass('policy:auto_with_thresholds, step not listed');
      const doubts = payloadDoubts(config, preparation);
      return doubts.length > 0 ? ask(doubts.join('; ')) : pass('policy:auto_with_thresholds');
    }
  }
}

/** Every threshold that is crossed is named: a person judges them together. */
function payloadDoubts(config: HitlConfig, { confidence, fixes, flags = [] }: Preparation): string[] {
  const { autoApproveConfidenceThreshold: threshold, maxPayloadChanges } = config;
  const flagged = flaggedIn(config, flags);
  return [
    ...(flagged.length > 0 ? [`flagged: ${flagged.join(', ')}`] : []),
    ...(confidence.score < threshold ? [`confidence ${confidence.score.toFixed(2)} is below ${threshold}: ${confidence.reasons.join('; ')}`] : []),
    ...(fixes.length > maxPayloadChanges ? [`${fixes.length} fixes, more than ${maxPayloadChanges}`] : []),
  ];
}

/** The words of the flags that ask, each once. */
function flaggedIn(config: HitlConfig, flags: readonly SafetyFlag[]): string[] {
  return [...new Set(flags.map(({ flag }) => flag))].filter((flag) => config.requireApprovalSafetyFlags.includes(flag));
}

/** The result after it ran. Doubts about what came back ask under every policy. */
export function responseGate(config: HitlConfig, output: RunOutput): GateAnswer {
  if (output.doubts.length > 0) return ask(output.doubts.join('; '));
  switch (config.policy) {
    case 'auto': return pass('policy:auto');
    case 'require_human':
      return stepAsks(config, 'response_review') ? ask('policy:require_human') : pass('policy:require_human, step not listed');
    case 'auto_with_thresholds': {
      if (!stepAsks(config, 'response_review')) return pass('policy:auto_with_thresholds, step not listed');
      const flagged = flaggedIn(config, output.flags);
      if (flagged.length > 0) return ask(`flagged: ${flagged.join(', ')}`);
      const { responseQualityMin } = config.reviewThresholds;
      if (output.quality !== null && output.quality < responseQualityMin) {
        return ask(`quality ${output.quality.toFixed(2)} is below ${responseQualityMin}`);
      }
      return pass('policy:auto_with_thresholds');
    }
  }
}

/** Whether a failure that is nobody's blocking problem waits for a person instead of ending the run. */
export function failureGate(config: HitlConfig): GateAnswer {
  return config.policy === 'auto' ? pass('policy:auto') : ask(`policy:${config.policy}`);
}

function stepAsks(config: HitlConfig, step: Step): boolean {
  return config.allowedSteps.length === 0 || config.allowedSteps.includes(step);
}
