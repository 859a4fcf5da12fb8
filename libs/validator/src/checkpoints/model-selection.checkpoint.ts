import type { Checkpoint } from './checkpoint';

export const modelSelection: Checkpoint = {
  type: 'model_selection', title: 'Model selection', description: 'A model is chosen and fits what was given.',
  codes: ['model_unknown', 'model_mismatch'], isRequired: () => true,
};
