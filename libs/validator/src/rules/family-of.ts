import { wordsOfText } from '../form/name-words';
import { FAMILIES, type ModelFamily } from './families.rules';

const DESCRIPTION_READ = 400; // characters; what a model is stands in its first sentences

interface NamedModel {
  model: string;
  title: string;
  description: string;
  family?: ModelFamily;
}

/** Phrase padded for search in a padded word string: `lip sync*` → " lip sync", `ocr` → " ocr ". */
function needle(phrase: string): string {
  const open = phrase.endsWith('*');
  return ` ${wordsOfText(open ? phrase.slice(0, -1) : phrase, DESCRIPTION_READ).join(' ')}${open ? '' : ' '}`;
}

interface Compiled { family: ModelFamily; inName: string[]; inText: string[]; fromWords: string[]; wordsOnly: ModelFamily }
const compiled = new WeakMap<readonly ModelFamily[], Compiled[]>();

function compile(families: readonly ModelFamily[]): Compiled[] {
  const known = compiled.get(families);
  if (known) return known;
  const made = families.map((family) => ({ family, inName: family.inName.map(needle), inText: family.inText.map(needle), fromWords: (family.alsoFromWords ?? []).map(needle), wordsOnly: { ...family, needsFiles: [] } }));
  for (const { family, wordsOnly } of made) whole.set(wordsOnly, family);
  compiled.set(families, made);
  return made;
}

const whole = new WeakMap<ModelFamily, ModelFamily>();

/** The family as it was written down, also where a model of it works from words alone. */
export function writtenFamily(family: ModelFamily): ModelFamily {
  return whole.get(family) ?? family;
}

/**
 * The family of a model by its name, else by its title and description; null when none is certain.
 * A form that an operator's own rule was applied to has its family already (operator-rules.ts).
 */
export function familyOf(model: NamedModel, families: readonly ModelFamily[] = FAMILIES): ModelFamily | null {
  if (model.family) return model.family;
  const short = model.model.slice(model.model.indexOf('/') + 1);
  const name = ` ${wordsOfText(short, DESCRIPTION_READ).join(' ')} `;
  const text = ` ${wordsOfText(model.title, DESCRIPTION_READ).join(' ')} . ${wordsOfText(model.description, DESCRIPTION_READ).join(' ')} `;
  const table = compile(families);
  const found = table.find(({ inName }) => inName.some((phrase) => name.includes(phrase)))
    ?? table.find(({ inText }) => inText.some((phrase) => text.includes(phrase)));
  if (!found) return null;
  return found.fromWords.some((phrase) => text.includes(phrase)) ? found.wordsOnly : found.family;
}
