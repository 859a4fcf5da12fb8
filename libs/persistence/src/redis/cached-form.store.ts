/*
 * What this is: model forms read from Redis before Postgres. What was asked for (provider, model, version or newest) points
 * for a short while at a version and its digest; under these the form itself lies longer, shared by all who point at it, and
 * the process keeps what it has read last, ready parsed. Forms that come from here are shared: nobody may change one.
 * Invariant: Postgres is written first and is the truth; whatever Redis lacks, has lost or cannot say is read there (1).
 */
import { FormStore, type Form, type Instant, type KnownForm } from '@countersign/core';
import type { Redis } from 'ioredis';
import { keys } from './keys';

/** How long the word on "which version is this" is believed, seconds: no longer than a service believes its own copy. */
const POINTER_SECONDS = 30;
/** How long an unused form stays, seconds. It never goes wrong, it only takes room. */
const FORM_SECONDS = 3_600;
/** UTF-16 units of a form that is worth keeping here; the largest seen has 100 thousand. */
const MAX_FORM = 500_000;

/** Forms kept parsed in the process, and how large one may be there (UTF-16 units): some 30 MB at the very most. */
const MAX_PARSED = 100;
const MAX_PARSED_SIZE = 100_000;

interface Pointer {
  version: string;
  digest: string;
  fetchedAt: Instant;
}

export class CachedFormStore extends FormStore {
  private readonly prefix: string;
  private readonly dress: (form: Form) => Form;
  /** As read from Redis and dressed, by its key there, which names the digest: it is never another one. */
  private readonly parsed = new Map<string, Form>();

  /** @param dress what is done to each form that is read, e.g. an operator's own rules; what is kept stays as it came. */
  constructor(private readonly truth: FormStore, private readonly redis: Redis, { prefix = 'countersign:', dress = (form: Form): Form => form } = {}) {
    super();
    this.prefix = prefix;
    this.dress = dress;
  }

  async find(provider: string, model: string, requestedVersion: string | null): Promise<KnownForm | null> {
    const asked = { provider, model, requestedVersion };
    return (await this.read(asked).catch(() => null)) ?? this.readTruth(asked);
  }

  private async readTruth({ provider, model, requestedVersion }: Asked): Promise<KnownForm | null> {
    const known = await this.truth.find(provider, model, requestedVersion);
    // Only where nothing is: whoever saved in the meantime knows better.
    if (!known?.form) return known;
    await this.keep(known, known.form, 'NX').catch(() => undefined);
    return { ...known, form: this.dress(known.form) };
  }

  async save(known: KnownForm): Promise<void> {
    await this.truth.save(known);
    if (known.form) await this.keep(known, known.form).catch(() => this.forget(known));
    else await this.forget(known);
  }

  private async read(asked: Asked): Promise<KnownForm | null> {
    const pointer = await this.redis.get(this.pointerKey(asked));
    if (pointer === null) return null;
    const { version, digest, fetchedAt } = JSON.parse(pointer) as Pointer;
    const key = this.formKey(asked, version, digest);
    const form = this.parsed.get(key) ?? (await this.parse(key));
    return form && { ...asked, form, problem: null, fetchedAt };
  }

  private async parse(key: string): Promise<Form | null> {
    const text = await this.redis.get(key);
    if (text === null) return null;
    const form = this.dress(JSON.parse(text) as Form);
    if (text.length > MAX_PARSED_SIZE) return form;
    if (this.parsed.size >= MAX_PARSED) this.parsed.delete(this.parsed.keys().next().value ?? '');
    this.parsed.set(key, form);
    return form;
  }

  private async keep(known: KnownForm, form: Form, onlyWhere?: 'NX'): Promise<void> {
    const body = JSON.stringify(form);
    if (body.length > MAX_FORM) return this.forget(known);
    const pointer: Pointer = { version: form.version, digest: form.digest, fetchedAt: known.fetchedAt };
    const put = (key: string, text: string, seconds: number) => (onlyWhere ? this.redis.set(key, text, 'EX', seconds, onlyWhere) : this.redis.set(key, text, 'EX', seconds));
    await put(this.formKey(known, form.version, form.digest), body, FORM_SECONDS);
    await put(this.pointerKey(known), JSON.stringify(pointer), POINTER_SECONDS);
  }

  /** When even this fails, the pointer is forgotten by itself. */
  private async forget(asked: Asked): Promise<void> {
    await this.redis.del(this.pointerKey(asked)).catch(() => undefined);
  }

  private pointerKey({ provider, model, requestedVersion }: Asked): string {
    return keys.formPointer(this.prefix, `${provider}/${model}@${requestedVersion ?? ''}`);
  }

  private formKey({ provider, model }: Asked, version: string, digest: string): string {
    return keys.form(this.prefix, `${provider}/${model}@${version}`, digest);
  }
}

type Asked = Pick<KnownForm, 'provider' | 'model' | 'requestedVersion'>;
