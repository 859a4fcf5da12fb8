import type { Clock, FormStore, Run } from '@countersign/core';
import type { ProviderRegistry } from '@countersign/providers';

/** A version that was looked up within this time is the newest, ms: the checks of new requests use forms of the same age. */
const FRESH_MS = 10 * 60_000;

/** Which version a run that asked for the newest would get now. */
export class NewestVersion {
  constructor(private readonly forms: FormStore, private readonly providers: ProviderRegistry, private readonly clock: Clock) {}

  /** Null when there is no telling: the model has no form, or its provider is away. */
  async of({ provider: name, model }: Pick<Run, 'provider' | 'model'>): Promise<string | null> {
    const known = await this.forms.find(name, model, null);
    const now = this.clock.now();
    if (known && Date.parse(now) - Date.parse(known.fetchedAt) < FRESH_MS) return known.form?.version ?? null;
    const answer = await this.providers.find(name)?.form({ model, version: null });
    if (!answer?.ok) return known?.form?.version ?? null;
    await this.forms.save({ provider: name, model, requestedVersion: null, form: answer.form, problem: null, fetchedAt: now });
    return answer.form.version;
  }
}
