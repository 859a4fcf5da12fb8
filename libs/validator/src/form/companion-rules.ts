import { GENERIC_FILE_WORDS } from '../rules/file-use.rules';
import type { CrossFieldRule, FormField } from '@countersign/core';
import { wordsOf, wordsOfText } from './name-words';

const READ = 300; // characters of a description that are read

/** What sets a field's name apart from `image` and `mask`. */
function ownWords(field: FormField): string {
  return wordsOf(field.name).filter((word) => !GENERIC_FILE_WORDS.has(word) && word !== 'mask' && word !== 'masks').join(' ');
}

const OTHER_USES = ['img2img', 'outpaint', 'outpainting', 'outpainted', 'variation', 'variations', 'alpha', 'or', 'and', 'optional', 'reference', 'edit', 'editing'];

/** "An image file to use for inpainting": without a mask there is nothing to inpaint. */
function isOnlyToInpaint(field: FormField): boolean {
  const words = wordsOfText(field.description, READ);
  return words.some((word) => word.startsWith('inpaint')) && !words.some((word) => OTHER_USES.includes(word));
}

/** Rules no description needs to state: a mask belongs to an image, an end frame to a start frame, diarisation to its token. */
export function companionRules(fields: readonly FormField[]): CrossFieldRule[] {
  const rules: CrossFieldRule[] = [];
  const files = fields.filter((field) => field.role.kind === 'file');
  const ofUse = (use: string | undefined): FormField[] => files.filter((field) => field.role.kind === 'file' && field.role.use === use && field.role.media === 'image');
  const masks = ofUse('mask'), plain = [...ofUse(undefined), ...ofUse('target'), ...ofUse('source')];
  const mask = masks[0], image = plain[0];
  if (mask && image && masks.length === 1 && plain.length === 1 && !image.required) {
    rules.push({ kind: 'requires', field: mask.name, needs: image.name, source: 'a mask marks a part of an image' });
  }
  if (mask && image && masks.length === 1 && plain.length === 1 && !mask.required && !image.required && isOnlyToInpaint(image)) {
    rules.push({ kind: 'requires', field: image.name, needs: mask.name, source: `${image.name}: ${image.description.slice(0, 120)}` });
  }
  if (mask && plain.length > 1 && !mask.required) {
    // several pictures: the one that shares the mask's own words, as `inpaint_mask` and `inpaint_image` do
    for (const one of masks) {
      const mates = plain.filter((other) => !other.required && ownWords(other) !== '' && ownWords(other) === ownWords(one));
      if (mates.length === 1 && mates[0]) rules.push({ kind: 'requires', field: one.name, needs: mates[0].name, source: 'a mask marks a part of its image' });
    }
  }
  const end = ofUse('end_frame')[0], starts = [...ofUse('start_frame'), ...plain];
  const start = starts[0];
  if (end && start && starts.length === 1 && !start.required) rules.push({ kind: 'requires', field: end.name, needs: start.name, source: 'an end frame needs a start frame' });
  const token = fields.find((field) => field.secret && wordsOfText(field.description, READ).some((word) => word.startsWith('diari')));
  const diarise = fields.find((field) => field.type === 'boolean' && wordsOf(field.name).some((word) => word.startsWith('diari')));
  if (token && diarise && !token.required) rules.push({ kind: 'requires', field: diarise.name, value: true, needs: token.name, source: `${token.name}: ${token.description.slice(0, 120)}` });
  return rules;
}
