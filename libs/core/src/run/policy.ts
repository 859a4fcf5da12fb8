import type { Preparation, RunOutput } from './run';
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
      const { score } = preparation.confidence;
      if (score < config.autoApproveConfidenceThreshold) {
        return ask(`confidence ${score.toFixed(2)} is below ${config.autoApproveConfidenceThreshold}: ${preparation.confidence.reasons.join('; ')}`);
      }
      if (preparation.fixes.length > config.maxPayloadChanges) {
        return ask(`${preparation.fixes.length} fixes, more than ${config.maxPayloadChanges}`);
      }
      return pass('policy:auto_with_thresholds');
    }
  }
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
      const flagged = output.flags.filter(({ flag }) => config.requireApprovalSafetyFlags.includes(flag));
      if (flagged.length > 0) return ask(`flagged: ${flagged.map(({ flag }) => flag).join(', ')}`);
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
