import type { FileSlot } from '../form/form-index';
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
  return plain.length > 0 ? plain : slots.filter((slot) => slot.role.media !== 'archive');
}


/** Two fields for one and the same file: same kind, same use, and nothing in their names to tell them apart (file, file_url). */
export function areAlike(a: FileSlot, b: FileSlot): boolean {
  return a.role.media === b.role.media && a.role.use === b.role.use && a.telling.join(' ') === b.telling.join(' ') && a.number === b.number;
}
