/*
 * What this is: decides which file goes to which field.
 * Invariant: a file goes where its name or its kind leaves one place only; where two are possible a person is asked, and
 * upload order never decides (it only orders the files inside one list field).
 * To extend: words that tell a use are data in rules/file-use.rules.ts.
 */
import type { FileSlot } from '../form/form-index';
import { mediaFits } from '../rules/media.rules';
import type { Candidate } from './candidate';
import { nameScore, NUMBER } from './name-match';
import { isSpecial, mainOf } from './main-slots';

export type Trouble =
  | { kind: 'ambiguous'; slots: FileSlot[]; files: Candidate[] }
  | { kind: 'too_many'; slot: FileSlot; others: FileSlot[]; files: Candidate[]; max: number }
  | { kind: 'no_place'; files: Candidate[] };

export interface Assignment { placed: Map<FileSlot, Candidate[]>; troubles: Trouble[] }

const holdsMany = (slot: FileSlot): boolean => slot.role.shape !== 'url';
const capacity = (slot: FileSlot): number => (holdsMany(slot) ? slot.field.maxItems ?? Infinity : 1);

/** @param open fields that may take files  @param all every file field of the form */
export function assignFiles(files: readonly Candidate[], open: readonly FileSlot[], all: readonly FileSlot[]): Assignment {
  const placed = new Map<FileSlot, Candidate[]>();
  const troubles: Trouble[] = [];
  const put = (slot: FileSlot, file: Candidate): void => { placed.set(slot, [...(placed.get(slot) ?? []), file]); };
  const left = claimByName(files, open, put, troubles);
  const places = (kind: Candidate['media']): FileSlot[] => open.filter((slot) => mediaFits(kind, slot.role.media, slot.role.also) && (holdsMany(slot) || !placed.has(slot)) && (kind !== undefined || slot.role.media !== 'archive'));
  const kinds = [...new Set(left.map((file) => file.media))].sort((a, b) => places(a).length - places(b).length); // who has the least choice, first
  for (const kind of kinds) {
    const same = left.filter((file) => file.media === kind);
    const fitting = ownKindFirst(places(kind), kind, same.length);
    if (fitting.length === 0) troubles.push({ kind: 'no_place', files: same });
    else placeRest(same, fitting, all, { put, troubles });
  }
  return { placed, troubles };
}

/** A film goes to the field for films before the one for sounds that takes films as well. */
function ownKindFirst(fitting: FileSlot[], kind: Candidate['media'], files: number): FileSlot[] {
  const own = fitting.filter((slot) => slot.role.media === kind);
  return files === 1 && own.length === 1 && fitting.every((slot) => slot.role.media === kind || slot.role.also?.includes(kind ?? 'any') === true) ? own : fitting;
}

/** Files whose names point to one field; returns the others. Two files for one single place are no answer. */
function claimByName(files: readonly Candidate[], open: readonly FileSlot[], put: (slot: FileSlot, file: Candidate) => void, troubles: Trouble[]): Candidate[] {
  if (open.length < 2) return [...files];
  const claims = files.map((file) => {
    const scores = open.map((slot) => ({ slot, score: nameScore(file, slot, open) })).sort((a, b) => b.score - a.score);
    const [best, next] = scores;
    const counts = (best?.score ?? 0) > NUMBER || files.every((other) => other.media !== file.media || other.number !== null);
    return { file, slot: best && counts && best.score > 0 && best.score > (next?.score ?? 0) ? best.slot : null, score: best?.score ?? 0 };
  });
  const left: Candidate[] = claims.filter((claim) => !claim.slot).map((claim) => claim.file);
  for (const slot of open) {
    const mine = claims.filter((claim) => claim.slot === slot).sort((a, b) => b.score - a.score);
    if (mine.length === 0) continue;
    if (holdsMany(slot)) { files.filter((file) => mine.some((claim) => claim.file === file)).forEach((file) => put(slot, file)); continue; }
    const [first, second] = mine;
    if (first && (!second || first.score > second.score)) { put(slot, first.file); left.push(...mine.slice(1).map((claim) => claim.file)); }
    else troubles.push({ kind: 'ambiguous', slots: [slot], files: mine.map((claim) => claim.file) });
  }
  return files.filter((file) => left.includes(file));
}

function placeRest(files: readonly Candidate[], fitting: readonly FileSlot[], all: readonly FileSlot[], out: { put: (slot: FileSlot, file: Candidate) => void; troubles: Trouble[] }): void {
  const main = mainOf(fitting);
  const sole = main.length === 1 ? main[0] : undefined;
  if (sole && holdsMany(sole) && (files.length === 1 || fitting.every((slot) => slot === sole || isSpecial(slot)))) { files.forEach((file) => out.put(sole, file)); return; }
  const [only] = files;
  if (files.length === 1 && only) {
    const slot = sole ?? lowestNumbered(main);
    if (slot && !isLeftover(slot, all)) out.put(slot, only);
    else out.troubles.push({ kind: 'ambiguous', slots: slot ? [slot] : main, files: [only] });
    return;
  }
  const room = fitting.reduce((sum, slot) => sum + capacity(slot), 0);
  const first = main[0] ?? fitting[0];
  if (first && (fitting.length === 1 || files.length > room)) out.troubles.push({ kind: 'too_many', slot: first, others: main.filter((slot) => slot !== first), files: [...files], max: fitting.length === 1 ? capacity(first) : room });
  else out.troubles.push({ kind: 'ambiguous', slots: main.length >= files.length ? main : [...fitting], files: [...files] });
}

/** An optional mask or end frame is not filled only because everything else is: nothing says the file was meant for it. */
function isLeftover(slot: FileSlot, all: readonly FileSlot[]): boolean {
  return isSpecial(slot) && !slot.field.effectivelyRequired && all.some((other) => other !== slot && mediaFits(other.role.media, slot.role.media) && other.role.media !== 'archive');
}

/** One file for image_1 … image_4: the first of them, when they differ by number alone and none is required. */
function lowestNumbered(slots: readonly FileSlot[]): FileSlot | undefined {
  const stems = new Set(slots.map((slot) => slot.words.filter((word) => !Number.isInteger(Number(word))).join(' ')));
  if (stems.size !== 1 || slots.length < 2) return undefined;
  return [...slots].sort((a, b) => (a.number ?? 1) - (b.number ?? 1))[0];
}
