import { executionUnknown } from '@countersign/core';
import { checkFields } from './check-fields';

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', required: ['to', 'amount'], additionalProperties: false,
  properties: { to: { type: 'string', format: 'email' }, amount: { type: 'number', maximum: 10 } },
};

describe('edits of a card\'s own fields', () => {
  it('may leave fields out', () => {
    expect(checkFields(SCHEMA, { amount: 3 })).toBeNull();
    expect(checkFields({}, { anything: 1 })).toBeNull();
  });

  it('must fit, each of them', () => {
    expect(() => checkFields(SCHEMA, { to: 'nobody', amount: 11 })).toThrow(expect.objectContaining({
      code: 'VALIDATION_FAILED',
      more: { errors: [expect.objectContaining({ field: 'edits.to', code: 'format' }), expect.objectContaining({ field: 'edits.amount', code: 'maximum' })] },
    }));
  });

  it('name a provider job by text', () => {
    const { schema } = executionUnknown.question({ run: { model: 'a/b' }, context: {} } as Parameters<typeof executionUnknown.question>[0]);
    expect(checkFields(schema, { provider_job_id: 'abc' })).toBeNull();
    for (const id of ['', 7, null]) expect(() => checkFields(schema, { provider_job_id: id })).toThrow();
  });
});
