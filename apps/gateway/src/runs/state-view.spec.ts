import { DEFAULT_CONFIG, newRun } from '@countersign/core';
import { configView, stateView } from './state-view';

describe('the whole state of a run', () => {
  it('is there from the first moment', () => {
    const run = newRun({
      runId: 'r', tenantId: 't', userId: 'u', sessionId: null, parentRunId: null, provider: 'p', model: 'o/n', modelVersion: null, tool: null,
      config: DEFAULT_CONFIG, originalInput: { prompt: 'x' },
    }, '2026-11-22T14:50:00.000Z');
    expect(stateView({ run, history: [], approvals: [], launches: [], capabilities: null, artifactUrl: (id) => id })).toMatchObject({
      status: 'queued', original_input: { prompt: 'x' }, validation_summary: null, outputs: null, final_result: null, consent: null,
      fixes: [], mapping: {}, approvals: [], launches: [], checkpoint_context: null, hitl_config: { policy: 'auto', timeout_seconds: 3600 },
    });
  });

  it('shows the config in the wire\'s words', () => {
    expect(configView(DEFAULT_CONFIG)).toEqual({
      policy: 'auto', allowed_steps: [], timeout_seconds: 3600, on_timeout: 'reject', auto_approve_confidence_threshold: 0.9,
      review_thresholds: { response_quality_min: 0.7 }, require_approval_safety_flags: ['nsfw', 'pii', 'copyright'], max_payload_changes: 5, execute_within_seconds: 900,
      enable_streaming: false, use_natural_language_hitl: true,
    });
  });
});
