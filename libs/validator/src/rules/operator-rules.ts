import type { Form, ModelFamily } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { FAMILIES } from './families.rules';
import { familyOf, writtenFamily } from './family-of';

/**
 * An operator's own families of models, in front of the built-in ones. They are applied to a form when it is read, so that
 * `/hitl/validate`, the run and edits see the same, and a changed rule counts from the next start on.
 */
export class OperatorRules {
  private readonly all: readonly ModelFamily[];

  constructor(private readonly own: readonly ModelFamily[]) {
    this.all = [...own, ...FAMILIES];
  }

  /** @returns the form as it is, or a copy judged by the operator's rule for it. */
  apply(form: Form): Form {
    if (this.own.length === 0) return form;
    const family = familyOf(form, this.all);
    if (family === null || !this.own.includes(writtenFamily(family))) return form;
    return withNeeds({ ...rebuilt(form, family), origin: form.origin, family }, family);
  }
}

/** Forms that are written down by hand have their roles and needs already; the others are judged anew. */
function rebuilt(form: Form, family: ModelFamily): Form {
  const { provider, model, version, digest, title, description, rawSchema } = form;
  const source = { provider, model, version, digest, title, description };
  if (rawSchema['components'] !== undefined) return formFromOpenApi({ ...source, schema: rawSchema }, [family]);
  return form.origin === 'inferred' ? formFromOpenApi({ ...source, inputSchema: rawSchema }, [family]) : form;
}

function withNeeds(form: Form, { requiredFields = [], optionalFields = [] }: ModelFamily): Form {
  return {
    ...form,
    fields: form.fields.map((field) => ({
      ...field,
      effectivelyRequired: requiredFields.includes(field.name) || (field.effectivelyRequired && !(optionalFields.includes(field.name) && !field.required)),
    })),
  };
}
