import type { FileSlot } from '../form/form-index';
import { SECOND_OF_KIND } from '../rules/aliases.rules';
import { SPECIAL_USES } from '../rules/file-use.rules';

/** A field that only gets a file meant for it: mask, end frame, control, reference. */
export function isSpecial(slot: FileSlot): boolean {
  return slot.role.use !== undefined && SPECIAL_USES.includes(slot.role.use);
}

/** The slots an unnamed file can be meant for: what is needed, else what is general, else whatever there is. */
export function mainOf(slots: readonly FileSlot[]): FileSlot[] {
  const needed = slots.filter((slot) => slot.field.effectivelyRequired && slot.role.media !== 'archive');
  const neededPlain = needed.filter((slot) => !isSpecial(slot));
  if (neededPlain.length > 0) return neededPlain;
  if (needed.length > 0) return needed;
  const plain = slots.filter((slot) => !isSpecial(slot) && slot.role.media !== 'archive');
  if (plain.length > 0) return plain;
  const files = slots.filter((slot) => slot.role.media !== 'archive'), unmasked = files.filter((slot) => slot.role.use !== 'mask');
  return unmasked.length > 0 ? unmasked : files.length > 0 ? files : packed(slots);
}


/** Where only archives are taken: the needed one, else the first of its kind. */
function packed(slots: readonly FileSlot[]): FileSlot[] {
  const needed = slots.filter((slot) => slot.field.effectivelyRequired);
  const first = slots.filter((slot) => !slot.words.some((word) => SECOND_OF_KIND.has(word)));
  return needed.length > 0 ? needed : first.length > 0 ? first : [...slots];
}

/** Two fields for one and the same file: same kind, same use, and nothing in their names to tell them apart (file, file_url). */
export function areAlike(a: FileSlot, b: FileSlot): boolean {
  return a.role.media === b.role.media && a.role.use === b.role.use && a.telling.join(' ') === b.telling.join(' ') && a.number === b.number;
}
