/*
 * What this is: a model's form, for whoever asks by HTTP. Only the executor talks to providers, so a form that is not
 * known is asked for by job, and the answer is waited for.
 */
import { Clock, FORM_RECHECK_MS, FormStore, LiveState, topics, type Form, type Instant, type KnownForm } from '@countersign/core';
import { Publisher } from '@countersign/queues';
import { sha256Hex } from '@countersign/service-kit';
import { formFromExample, OperatorRules } from '@countersign/validator';
import { Injectable } from '@nestjs/common';
import { inTime } from '../http/answers/in-time';
import { watchUntil } from '../http/answers/watch-until';

export interface AskedModel {
  provider: string;
  model: string;
  version: string | null;
}

/** Why there was no form may be mended at any moment, e.g. by setting a key. */
const PROBLEM_FRESH_MS = 15_000;
/** How long the process trusts its own copy, ms: callers come in bursts, and a revised model may be seen this much later. */
const CACHED_MS = 5_000;
/** Copies kept; most are shared with the store's own. */
const CACHED_FORMS = 500;
/** A provider that has not answered by then will not. */
const WAIT_MS = 10_000;

@Injectable()
export class ModelForms {
  private readonly asked = new Map<string, Promise<KnownForm | null>>();
  private readonly cache = new Map<string, { known: KnownForm; readAtMs: number }>();

  constructor(
    private readonly forms: FormStore,
    private readonly live: LiveState,
    private readonly publisher: Publisher,
    private readonly clock: Clock,
    private readonly rules: OperatorRules,
  ) {}

  /** The form as the caller's own example suggests it; null without an example. */
  guess(run: Parameters<typeof formFromExample>[0]): Form | null {
    const form = formFromExample(run, sha256Hex);
    return form && this.rules.apply(form);
  }

  /** Null when nothing could be learnt in time. An old form is better than none. */
  async find(asked: AskedModel): Promise<KnownForm | null> {
    const topic = topics.form(asked.provider, asked.model, asked.version);
    const cached = this.cached(topic);
    if (cached) return cached;
    const known = await this.read(asked);
    if (known && this.isFresh(known)) return this.remember(topic, known);
    const asking = this.asked.get(topic) ?? this.ask(asked, known?.fetchedAt ?? null).finally(() => this.asked.delete(topic));
    this.asked.set(topic, asking);
    return (await asking) ?? known;
  }

  /** An answer is told by its being another one: times of two machines cannot be compared. */
  private async ask(asked: AskedModel, lastFetchedAt: Instant | null): Promise<KnownForm | null> {
    const topic = topics.form(asked.provider, asked.model, asked.version);
    let hasRung = false;
    return watchUntil(this.live, { topic, timeoutMs: WAIT_MS }, async () => {
      if (!hasRung) {
        hasRung = true;
        await this.ring(asked);
        return null;
      }
      const known = await this.read(asked);
      return known && known.fetchedAt !== lastFetchedAt ? known : null;
    });
  }

  private async ring({ provider, model, version }: AskedModel): Promise<void> {
    const asked_at_ms = Date.parse(this.clock.now());
    await inTime(this.publisher.ring({ job: 'form.resolve', data: { provider, model, version, run_id: null, asked_at_ms } }));
  }

  private read({ provider, model, version }: AskedModel): Promise<KnownForm | null> {
    return this.forms.find(provider, model, version);
  }

  private cached(topic: string): KnownForm | null {
    const hit = this.cache.get(topic);
    return hit && Date.parse(this.clock.now()) - hit.readAtMs < CACHED_MS && this.isFresh(hit.known) ? hit.known : null;
  }

  /** Only a form: why there was none may be mended at any moment. */
  private remember(topic: string, known: KnownForm): KnownForm {
    if (!known.form) return known;
    this.cache.delete(topic);
    if (this.cache.size >= CACHED_FORMS) this.cache.delete(this.cache.keys().next().value ?? '');
    this.cache.set(topic, { known, readAtMs: Date.parse(this.clock.now()) });
    return known;
  }

  private isFresh(known: KnownForm): boolean {
    const ageMs = Date.parse(this.clock.now()) - Date.parse(known.fetchedAt);
    if (!known.form) return ageMs < PROBLEM_FRESH_MS;
    return known.requestedVersion !== null || ageMs < FORM_RECHECK_MS;
  }
}
