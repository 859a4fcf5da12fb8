import { FormStore, type KnownForm } from '@countersign/core';
import type { DataSource } from 'typeorm';
import { ModelFormEntity } from '../entities/model-form.entity';
import { instant } from '../mappers/time.mapper';

/** How the newest version is asked for in the table's key. */
const NEWEST = '';

export class PostgresFormStore extends FormStore {
  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async find(provider: string, model: string, requestedVersion: string | null): Promise<KnownForm | null> {
    const row = await this.forms().findOneBy({ provider, model, requested_version: requestedVersion ?? NEWEST });
    return row && {
      provider, model, requestedVersion, form: row.form, problem: row.problem, fetchedAt: instant(row.fetched_at),
    };
  }

  async save(known: KnownForm): Promise<void> {
    await this.forms().upsert(
      {
        provider: known.provider, model: known.model, requested_version: known.requestedVersion ?? NEWEST,
        form: known.form as object, problem: known.problem as object, fetched_at: new Date(known.fetchedAt),
      },
      ['provider', 'model', 'requested_version'],
    );
  }

  private forms() {
    return this.dataSource.getRepository(ModelFormEntity);
  }
}
