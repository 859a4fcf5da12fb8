import type { Checkpoint } from './checkpoint';

export const inputValidation: Checkpoint = {
  type: 'input_validation', title: 'Input validation', description: 'The words are good enough, the values go together, and the model has a place for each.',
  codes: ['prompt_too_short', 'prompt_lacks_instruction', 'text_too_long', 'invalid_combination', 'unknown_field'], isRequired: () => true,
};
