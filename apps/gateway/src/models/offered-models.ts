import type { ModelView, ProviderListView } from '@countersign/contracts';
import { ProviderRegistry } from '@countersign/providers';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http/answers/problem';
import { ModelForms } from './model-forms';
import { findProvider, readModel } from './named-model';
import { modelView, providerListView } from './provider-list';

@Injectable()
export class OfferedModels {
  constructor(private readonly registry: ProviderRegistry, private readonly forms: ModelForms) {}

  providers(): ProviderListView {
    return providerListView(this.registry.list());
  }

  async model(providerName: string, name: string): Promise<ModelView> {
    const provider = findProvider(this.registry, providerName);
    const { model, version } = readModel(name, 'model');
    const known = await this.forms.find({ provider: provider.name, model, version });
    if (known?.form) return modelView(known.form);
    if (known?.problem?.reason === 'model_unknown') throw new ProblemError('MODEL_NOT_FOUND', known.problem.detail);
    throw new ProblemError('MODEL_UNAVAILABLE', known?.problem?.detail ?? `${provider.title} did not tell about ${name} in time; please try again`);
  }
}
