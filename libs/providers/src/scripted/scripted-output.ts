import type { Form, JobMetrics, JobState, JsonObject, ProviderOutput } from '@countersign/core';
import { valueOf } from '../declared/check-input';
import { drawPicture } from './scripted-picture';
import type { ScriptedJob } from './scripted-job';

/** @returns how the job stands at `nowMs`, from its id, its form and its input alone. */
export function stateAt(job: ScriptedJob, nowMs: number, form: Form, input: JsonObject): JobState {
  const elapsedMs = nowMs - job.startedAtMs;
  if (elapsedMs < Math.min(job.delayMs, job.deadlineMs)) {
    const percent = Math.max(0, Math.floor((elapsedMs / job.delayMs) * 100));
    return { status: 'processing', progress: { percent, message: `${Math.max(0, elapsedMs)} of ${job.delayMs} ms` } };
  }
  if (job.delayMs > job.deadlineMs) {
    return failed('timed_out', `The run was stopped after ${job.deadlineMs / 1000} s.`, metricsOf(job.deadlineMs));
  }
  const metrics = metricsOf(job.delayMs);
  switch (job.outcome) {
    case 'fail': return failed('model_error', 'The scripted model failed, as it was told to.', metrics);
    case 'moderate': return failed('moderated', 'The content was flagged, as the script says.', metrics);
    case 'doubt': return { status: 'succeeded', output: emptyOutput(), metrics };
    default: return { status: 'succeeded', output: outputOf(form, input), metrics };
  }
}

export function metricsOf(ms: number): JobMetrics {
  return { computeSeconds: ms / 1000, totalSeconds: ms / 1000 };
}

function failed(reason: 'model_error' | 'moderated' | 'timed_out', message: string, metrics: JobMetrics): JobState {
  return { status: 'failed', reason, message, detail: `scripted: ${reason}`, metrics };
}

function emptyOutput(): ProviderOutput {
  return { raw: null, parts: [], doubts: ['The run succeeded but gave no output.'] };
}

function outputOf(form: Form, input: JsonObject): ProviderOutput {
  switch (form.output.kind) {
    case 'text': {
      const text = wordsOf(form, input);
      return { raw: text, parts: [{ kind: 'text', pointer: '', text }], doubts: [] };
    }
    case 'uri':
      return { raw: null, parts: [pictureOf(form, input, '')], doubts: [] };
    default: {
      const text = wordsOf(form, input);
      return {
        raw: { text, picture: null },
        parts: [{ kind: 'text', pointer: '/text', text }, pictureOf(form, input, '/picture')],
        doubts: [],
      };
    }
  }
}

function wordsOf(form: Form, input: JsonObject): string {
  const prompt = String(valueOf(form, input, 'prompt'));
  const said = valueOf(form, input, 'uppercase') === true ? prompt.toUpperCase() : prompt;
  return Array.from({ length: Number(valueOf(form, input, 'repeat')) }, () => said).join('\n');
}

function pictureOf(form: Form, input: JsonObject, pointer: string): ProviderOutput['parts'][number] {
  const [width, height] = ['width', 'height'].map((name) => Number(valueOf(form, input, name)));
  const bytes = drawPicture(String(valueOf(form, input, 'prompt')), String(valueOf(form, input, 'palette')), width ?? 64, height ?? 64);
  return { kind: 'file', pointer, source: { bytes }, mime: 'image/png', name: 'picture.png' };
}
