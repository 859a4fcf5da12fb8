import type { AiProvider, Form, JsonObject } from '@countersign/core';
import type { FormFieldView, ModelView, ProviderListView, ProviderView } from '@countersign/contracts';
import { jsonSchemaOf } from '@countersign/validator';

export function providerListView(providers: readonly AiProvider[]): ProviderListView {
  return { providers: providers.map(providerView), total: providers.length };
}

function providerView(provider: AiProvider): ProviderView {
  const { name, title, description, tools, capabilities } = provider;
  return { name, title, description, tools: [...tools], capabilities: { ...capabilities }, models: provider.models() };
}

export function modelView(form: Form): ModelView {
  return {
    provider: form.provider, model: form.model, version: form.version, digest: form.digest, title: form.title,
    description: form.description, origin: form.origin,
    fields: [...form.fields].sort((a, b) => a.order - b.order).map(fieldView),
    rules: form.rules.map((rule) => ({ ...rule }) as JsonObject),
    output: { ...form.output },
    schema: jsonSchemaOf(form, {}),
  };
}

function fieldView(field: Form['fields'][number]): FormFieldView {
  return withoutUndefined({
    name: field.name, label: field.label, description: field.description, type: field.type, role: { ...field.role },
    required: field.required, effectively_required: field.effectivelyRequired, nullable: field.nullable,
    default: field.default, default_is_sample: field.defaultIsSample, enum: field.enum, minimum: field.minimum,
    maximum: field.maximum, min_length: field.minLength, max_length: field.maxLength, min_items: field.minItems, max_items: field.maxItems,
  });
}

function withoutUndefined(view: { [K in keyof FormFieldView]: FormFieldView[K] | undefined }): FormFieldView {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined)) as unknown as FormFieldView;
}
