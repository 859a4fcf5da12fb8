/*
 * What this is: from a request and a model's form to the one payload, and everything a person needs to judge it.
 * The orchestrator (the run itself), the gateway's `/hitl/validate` and edited approvals all come through here, so
 * that they cannot disagree.
 */
import {
  payloadHash, type CostEstimate, type Form, type Payload, type Preparation, type RunMemory, type Sha256, type ValidationRequest,
} from '@countersign/core';
import { diffFromDefaults } from '../form/diff-from-defaults';
import { payloadFlags } from '../safety/pii-flags';
import { validate } from '../validate';
import { applyMemory } from './apply-memory';
import { confidenceOf } from './confidence';

export interface PrepareFacts {
  /** Null when the model is unknown and nothing could be inferred. */
  form: Form | null;
  request: ValidationRequest;
  provider: string;
  model: string;
  sha256: Sha256;
  estimate: (payload: Payload) => CostEstimate | null;
  /** What reviewers did on this version of the model before. Absent for a payload that was on a card already. */
  memory?: RunMemory;
}

export function prepare({ form, request, provider, model, sha256, estimate, memory }: PrepareFacts): Preparation {
  const asked = validate(form, request);
  const { report, fixes: byRule, habits } = form && memory ? applyMemory(form, request, asked, memory.entries) : { report: asked, fixes: [], habits: [] };
  const fixes = [...report.fixes, ...byRule];
  const secretFields = (form?.fields ?? []).filter(({ name, secret }) => secret && report.input[name] !== undefined).map(({ name }) => name);
  const payload: Payload | null = form && { provider, model, version: form.version, input: report.input };
  return {
    summary: report.summary,
    fixes,
    mapping: report.mapping,
    dropped: report.dropped,
    promptField: report.promptField,
    diff: form ? diffFromDefaults(form, report.input) : [],
    payload,
    payloadHash: payload && payloadHash(payload, sha256),
    estimate: payload && estimate(payload),
    confidence: confidenceOf(form, { ...report, fixes }, memory?.reviewed),
    flags: form ? payloadFlags(form, report.input) : [],
    ...(habits.length > 0 && { habits }),
    ...(secretFields.length > 0 && { secretFields }),
  };
}
