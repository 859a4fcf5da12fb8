/*
 * What this is: the stand-in's predictions and their life: starting → processing → succeeded | failed, canceled (by the
 * user or by its deadline while running), aborted (deadline passed while queued), data removed after an hour.
 */
import { randomBytes } from 'node:crypto';
import type { Json, JsonObject } from '@countersign/core';
import { knownInput } from './input-check';
import type { EmulatedModel, Made, MakeContext } from './model-catalogue';
import { isOver, type PredictionRecord, type PredictionStatus } from './prediction-record';

const RETENTION_MS = 3_600_000; // API predictions keep their data for about an hour
const MAX_RECORDS = 20_000; // a day of development; the oldest go
const ID_LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'; // base 32 without i, l, o, u, as in the real ids

export interface NewPrediction {
  model: EmulatedModel;
  input: JsonObject;
  webhook: string | null;
  events: string[] | null;
  cancelAfterMs: number | null;
}

export interface BookOptions {
  /** Stays in `starting` this long; each model has its own. */
  startMs?: number;
  /** Stays in `processing` this long; each model has its own. */
  runMs?: number;
  context: MakeContext;
  onEvent(event: 'start' | 'output' | 'completed', record: PredictionRecord): void;
}

export class PredictionBook {
  private readonly records = new Map<string, PredictionRecord>();
  private readonly timers = new Map<string, Set<NodeJS.Timeout>>();
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(private readonly options: BookOptions) {}

  /** Newest first. */
  all(): PredictionRecord[] {
    return [...this.records.values()].reverse();
  }

  get(id: string): PredictionRecord | undefined {
    return this.records.get(id);
  }

  create(asked: NewPrediction): PredictionRecord {
    const { model, input, webhook, events, cancelAfterMs } = asked;
    const createdAt = new Date();
    const record: PredictionRecord = {
      id: newId(), model, input, webhook, events, status: 'starting', output: null, error: null, logs: '', createdAt, startedAt: null, completedAt: null,
      deadline: cancelAfterMs === null ? null : new Date(createdAt.getTime() + cancelAfterMs), dataRemoved: false,
    };
    this.records.set(record.id, record);
    const oldest = this.records.keys().next().value;
    if (this.records.size > MAX_RECORDS && oldest !== undefined) this.forget(oldest);
    this.after(record, this.options.startMs ?? model.startMs, () => void this.start(record));
    if (cancelAfterMs !== null) this.after(record, cancelAfterMs, () => this.end(record, record.status === 'starting' ? 'aborted' : 'canceled'));
    return record;
  }

  /** A finished prediction stays as it is. */
  cancel(id: string): PredictionRecord | undefined {
    const record = this.records.get(id);
    if (record) this.end(record, 'canceled');
    return record;
  }

  /** Ends a prediction now, in any way: for tests of answers no stand-in model gives. */
  finish(id: string, status: PredictionStatus, told: { output?: Json; error?: string } = {}): void {
    const record = this.records.get(id);
    if (!record) throw new Error(`no prediction ${id}`);
    record.startedAt ??= new Date();
    this.end(record, status, told);
  }

  /** What happens by itself an hour after the end. */
  removeData(id: string): void {
    const record = this.records.get(id);
    if (record) record.dataRemoved = true;
  }

  /** Resolves when it is over or after `ms`. */
  async whenOver(id: string, ms: number): Promise<void> {
    const record = this.records.get(id);
    if (!record || isOver(record)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.waiting.set(id, [...(this.waiting.get(id) ?? []), () => { clearTimeout(timer); resolve(); }]);
    });
  }

  close(): void {
    for (const id of [...this.records.keys()]) this.forget(id);
  }

  private async start(record: PredictionRecord): Promise<void> {
    if (isOver(record)) return;
    record.status = 'processing';
    record.startedAt = new Date();
    record.logs = `Using seed: ${record.id.length}\n  0%|          | 0/4 [00:00<?, ?it/s]\n`;
    this.options.onEvent('start', record);
    const runMs = this.options.runMs ?? record.model.runMs;
    const made = await this.make(record);
    const chunks = 'output' in made && record.model.streams && Array.isArray(made.output) ? made.output : null;
    this.after(record, runMs / 2, () => {
      record.logs += ' 50%|█████     | 2/4 [00:00<00:00, 40.0it/s]\n';
      if (!chunks) return;
      record.output = chunks.slice(0, Math.ceil(chunks.length / 2));
      this.options.onEvent('output', record);
    });
    this.after(record, runMs, () => {
      record.logs += '100%|██████████| 4/4 [00:00<00:00, 40.0it/s]\n';
      if ('error' in made) this.end(record, 'failed', { error: made.error });
      else this.end(record, 'succeeded', { output: made.output });
    });
  }

  private async make(record: PredictionRecord): Promise<Made> {
    try {
      return await record.model.make(knownInput(record.model, record.input), this.options.context);
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  private end(record: PredictionRecord, status: PredictionStatus, told: { output?: Json; error?: string } = {}): void {
    if (isOver(record)) return;
    record.status = status;
    record.completedAt = new Date();
    record.output = told.output ?? (status === 'succeeded' ? null : record.output);
    record.error = told.error ?? null;
    this.stopTimers(record.id);
    this.after(record, RETENTION_MS, () => this.removeData(record.id));
    this.wake(record.id);
    this.options.onEvent('completed', record);
  }

  private after(record: PredictionRecord, ms: number, then: () => void): void {
    const timers = this.timers.get(record.id) ?? new Set();
    this.timers.set(record.id, timers);
    const timer = setTimeout(() => {
      timers.delete(timer);
      then();
    }, ms).unref();
    timers.add(timer);
  }

  private stopTimers(id: string): void {
    for (const timer of this.timers.get(id) ?? []) clearTimeout(timer);
    this.timers.delete(id);
  }

  private wake(id: string): void {
    for (const each of this.waiting.get(id) ?? []) each();
    this.waiting.delete(id);
  }

  private forget(id: string): void {
    this.stopTimers(id);
    this.wake(id);
    this.records.delete(id);
  }
}

function newId(): string {
  return [...randomBytes(26)].map((byte) => ID_LETTERS[byte % ID_LETTERS.length]).join('');
}
