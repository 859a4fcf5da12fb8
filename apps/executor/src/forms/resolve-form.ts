import { topics, type Clock, type FormStore, type LiveState } from '@countersign/core';
import type { FormResolve } from '@countersign/contracts';
import type { ProviderRegistry } from '@countersign/providers';
import type { Publisher } from '@countersign/queues';

/** Fetches a model's input form from its provider and wakes whoever waits for it. */
export class ResolveForm {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly forms: FormStore,
    private readonly live: LiveState,
    private readonly publisher: Publisher,
    private readonly clock: Clock,
  ) {}

  async resolve({ provider: name, model, version, run_id, asked_at_ms }: FormResolve): Promise<void> {
    const provider = this.providers.find(name);
    const answer = provider
      ? await provider.form({ model, version })
      : { ok: false as const, reason: 'model_unknown' as const, detail: `no provider ${name}` };
    const fetchedAt = this.clock.now();
    const earlier = answer.ok ? null : await this.forms.find(name, model, version);
    const isPassing = !answer.ok && (answer.reason === 'unavailable' || answer.reason === 'unauthorized');
    // A provider that is down for a moment does not take away a form that is known.
    const form = answer.ok ? answer.form : isPassing ? (earlier?.form ?? null) : null;
    await this.forms.save({
      provider: name, model, requestedVersion: version, form, fetchedAt,
      problem: answer.ok || form ? null : { reason: answer.reason, detail: answer.detail, askedAt: new Date(asked_at_ms).toISOString() },
    });
    await this.live.signal(topics.form(name, model, version), { kind: 'form' });
    if (run_id) await this.publisher.ring({ job: 'run.advance', data: { run_id, version: 1 }, again: `form-${Date.parse(fetchedAt)}` });
  }

  /** Providers with a closed list of models are known from the start. */
  async warm(): Promise<void> {
    const now = Date.parse(this.clock.now());
    for (const provider of this.providers.list()) {
      for (const { model } of provider.models()) {
        await this.resolve({ provider: provider.name, model, version: null, run_id: null, asked_at_ms: now });
      }
    }
  }
}
