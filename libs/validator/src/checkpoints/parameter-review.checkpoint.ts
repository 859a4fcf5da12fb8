import type { Checkpoint } from './checkpoint';

export const parameterReview: Checkpoint = {
  type: 'parameter_review', title: 'Parameter review', description: 'Everything the model needs is there, with the right types, options and limits.',
  codes: ['missing_required', 'wrong_type', 'not_in_enum', 'out_of_range'], isRequired: () => true,
};
