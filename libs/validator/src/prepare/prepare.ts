/*
 * What this is: from a request and a model's form to the one payload, and everything a person needs to judge it.
 * The orchestrator (the run itself), the gateway's `/hitl/validate` and edited approvals all come through here, so
 * that they cannot disagree.
 */
import {
  payloadHash, type CostEstimate, type Form, type Payload, type Preparation, type Sha256, type ValidationRequest,
} from '@countersign/core';
import { diffFromDefaults } from '../form/diff-from-defaults';
import { payloadFlags } from '../safety/pii-flags';
import { validate } from '../validate';
import { confidenceOf } from './confidence';

export interface PrepareFacts {
  /** Null when the model is unknown and nothing could be inferred. */
  form: Form | null;
  request: ValidationRequest;
  provider: string;
  model: string;
  sha256: Sha256;
  estimate: (payload: Payload) => CostEstimate | null;
}

export function prepare({ form, request, provider, model, sha256, estimate }: PrepareFacts): Preparation {
  const report = validate(form, request);
  const payload: Payload | null = form && { provider, model, version: form.version, input: report.input };
  return {
    summary: report.summary,
    fixes: report.fixes,
    mapping: report.mapping,
    dropped: report.dropped,
    promptField: report.promptField,
    diff: form ? diffFromDefaults(form, report.input) : [],
    payload,
    payloadHash: payload && payloadHash(payload, sha256),
    estimate: payload && estimate(payload),
    confidence: confidenceOf(form, report),
    flags: form ? payloadFlags(form, report.input) : [],
  };
}
