import type { Checkpoint } from './checkpoint';

export const fileValidation: Checkpoint = {
  type: 'file_validation', title: 'File validation', description: 'Each file is of the right kind, in the right place, reachable and allowed.',
  codes: ['wrong_media_type', 'too_many_files', 'ambiguous_attachment', 'not_a_url', 'file_unreachable', 'file_too_large', 'address_not_allowed'],
  isRequired: ({ form, hasFiles }) => hasFiles || form?.fields.some((field) => field.role.kind === 'file' && field.effectivelyRequired) === true,
};
