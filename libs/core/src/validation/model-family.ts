import type { MediaKind } from './form';

/** What a kind of model needs. Matched on the model's name and description; the first family that matches wins. */
export interface ModelFamily {
  id: string;
  /** Phrases in the model's name (separators are blanks); a trailing `*` matches any ending of the last word. */
  inName: readonly string[];
  /** Phrases in title or description, same notation. Weaker: read only when no family matched by name. */
  inText: readonly string[];
  /** Kinds of file it cannot work without, one field per entry. */
  needsFiles: readonly MediaKind[];
  needsText: boolean;
  /** Phrases in the description that lift the need for files: it does its work from words alone as well. */
  alsoFromWords?: readonly string[];
  /** A mask goes with the image. */
  needsMask?: boolean;
  /** Words that only say "do your job": a prompt made of these is not content. */
  instructionWords: readonly string[];
  /** The work needs no words: a prompt field is an option, its default a setting. */
  wordsOptional?: boolean;
  /** It answers orders and questions: where it has a field called prompt, an order is content after all. */
  followsOrders?: boolean;
  /** A prompt that is only an edit order is expected, and one without is worth a warning. */
  wantsEditVerb?: boolean;
  /** A short prompt makes a poor result. */
  wantsDetail?: boolean;
  /** Warn above so many characters of text. */
  longText?: number;
  /** Fields by name that are needed, or not, whatever the schema says. */
  requiredFields?: readonly string[];
  optionalFields?: readonly string[];
}
