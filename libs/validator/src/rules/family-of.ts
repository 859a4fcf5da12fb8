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

const compiled = new WeakMap<readonly ModelFamily[], { family: ModelFamily; inName: string[]; inText: string[] }[]>();

function compile(families: readonly ModelFamily[]): { family: ModelFamily; inName: string[]; inText: string[] }[] {
  const known = compiled.get(families);
  if (known) return known;
  const made = families.map((family) => ({ family, inName: family.inName.map(needle), inText: family.inText.map(needle) }));
  compiled.set(families, made);
  return made;
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
  return (table.find(({ inName }) => inName.some((phrase) => name.includes(phrase)))
    ?? table.find(({ inText }) => inText.some((phrase) => text.includes(phrase))))?.family ?? null;
}
