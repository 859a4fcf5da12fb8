import { FORM_RECHECK_MS, type Clock, type Form, type FormStore, type KnownForm, type Run, type Sha256 } from '@countersign/core';
import { formFromExample, type OperatorRules } from '@countersign/validator';
import type { Publisher } from '@countersign/queues';

/** Forms kept in the process; each is some ten kB. */
const CACHED_FORMS = 500;
/** How long the process trusts its own copy, ms. */
const CACHED_MS = 30_000;
/** Questions about a form within this time count as one, ms: a job that failed for good must not be the last one asked. */
const SAME_QUESTION_MS = 10_000;

export type FormAnswer = { kind: 'form'; form: Form } | { kind: 'none' } | { kind: 'asked' };

/** Finds the form a run is checked against. Only the executor talks to providers, so a missing form is asked for by job. */
export class ModelForms {
  private readonly cache = new Map<string, { known: KnownForm; readAtMs: number }>();

  constructor(private readonly store: FormStore, private readonly publisher: Publisher, private readonly clock: Clock, private readonly guessing: { sha256: Sha256; rules: OperatorRules }) {}

  async formFor(run: Run): Promise<FormAnswer> {
    const known = await this.known(run);
    if (!known) {
      await this.ask(run);
      return { kind: 'asked' };
    }
    if (known.form) return { kind: 'form', form: known.form };
    const inferred = this.guess(run);
    return inferred ? { kind: 'form', form: inferred } : { kind: 'none' };
  }

  /** For a card: the form that is known, however old; nobody waits for a newer one. */
  async formAtHand(run: Run): Promise<Form | null> {
    const known = (await this.known(run)) ?? (await this.store.find(run.provider, run.model, run.modelVersion));
    return known?.form ?? this.guess(run);
  }

  private guess(run: Run): Form | null {
    const form = formFromExample(run, this.guessing.sha256);
    return form && this.guessing.rules.apply(form);
  }

  private async known(run: Run): Promise<KnownForm | null> {
    const key = `${run.provider}/${run.model}@${run.modelVersion ?? ''}`;
    const nowMs = Date.parse(this.clock.now());
    const cached = this.cache.get(key);
    // A run that is asked again because its model changed must not be checked against what was known before.
    const isOlder = run.stale !== null && cached !== undefined && cached.readAtMs <= Date.parse(run.times.updatedAt);
    if (cached && !isOlder && nowMs - cached.readAtMs < CACHED_MS && this.isFresh(cached.known, run)) return cached.known;
    const known = await this.store.find(run.provider, run.model, run.modelVersion);
    if (!known || !this.isFresh(known, run)) return null;
    if (this.cache.size >= CACHED_FORMS) this.cache.delete(this.cache.keys().next().value ?? '');
    this.cache.set(key, { known, readAtMs: nowMs });
    return known;
  }

  /** A problem is fresh only for a run that was not asked about it since: a retry looks again. */
  private isFresh(known: KnownForm, run: Run): boolean {
    if (!known.form) return known.problem !== null && known.problem.askedAt >= run.times.updatedAt;
    if (known.requestedVersion !== null) return true;
    return Date.parse(this.clock.now()) - Date.parse(known.fetchedAt) < FORM_RECHECK_MS;
  }

  private async ask(run: Run): Promise<void> {
    await this.publisher.ring({
      job: 'form.resolve',
      data: {
        provider: run.provider, model: run.model, version: run.modelVersion, run_id: run.runId,
        asked_at_ms: Date.parse(run.times.updatedAt),
      },
      again: String(Math.floor(Date.parse(this.clock.now()) / SAME_QUESTION_MS)),
    });
  }
}
