import type { Form, FormField, Json, JsonObject } from '@countersign/core';
import { isJsonObject } from '@countersign/core';
import { settleFile } from '../fixes/settle-file';
import { settleValue } from '../fixes/settle-value';
import { indexOf, type FormIndex } from '../form/form-index';
import { spellingOf } from '../form/name-words';
import { resolveName, type NameMatch } from '../mapping/resolve-name';
import { ARTICLES, FILLERS, SAID_FOR } from './answer-words';
import { plainQuotes, tokensOf, type Token } from './tokens';

/** How a value was found in the words, from the plainest to the most indirect. */
export type AnswerRule = 'named' | 'quoted' | 'beside_name' | 'switch' | 'size' | 'ratio' | 'shape_word' | 'option_word' | 'address' | 'only_missing' | 'cleared';

export interface Reading {
  field: FormField;
  value: Json;
  rule: AnswerRule;
  /** The piece of the text it was read from. */
  words: string;
  /** The value is text without quotes round it: where it ends is only certain when nothing else is said. */
  isOpenEnded: boolean;
}

export interface Span { from: number; to: number }

const NOTHING_TAKEN: ReadonlySet<string> = new Set();
const NO_FACTS = (): object => ({});
export const LONGEST_NAME = 5; // words of a field's name as people say it

/** One text on its way to being understood: its tokens, what they were read as, and what is not certain. */
export class Scan {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly index: FormIndex;
  readonly readings: Reading[] = [];
  readonly unclear: string[] = [];
  /** Tokens that were read, or asked about. */
  readonly used = new Set<number>();
  private readonly names = new Map<string, NameMatch>();

  constructor(readonly form: Form, readonly shown: JsonObject, text: string) {
    this.text = plainQuotes(text);
    this.tokens = tokensOf(this.text);
    this.index = indexOf(form);
  }

  isFree({ from, to }: Span): boolean {
    for (let at = from; at < to; at += 1) if (this.used.has(at)) return false;
    return from >= 0 && to <= this.tokens.length && from < to;
  }

  wordsOf({ from, to }: Span): string {
    return this.text.slice(this.tokens[from]?.start ?? 0, this.tokens[to - 1]?.end ?? 0);
  }

  /** Free words in a row without a mark between them, at most `most`, that begin at `from`. */
  wordRun(from: number, most: number): number {
    let to = from;
    while (to - from < most && this.tokens[to]?.kind === 'word' && !this.used.has(to)) to += 1;
    return to;
  }

  /** Which field a few words name, for a value of this kind. */
  named({ from, to }: Span, value: Json): NameMatch {
    let start = from;
    while (start < to - 1 && ARTICLES.has(this.tokens[start]?.lower ?? '')) start += 1;
    const end = to - start > 1 && ['it', 'them'].includes(this.tokens[to - 1]?.lower ?? '') ? to - 1 : to;
    const said = this.tokens.slice(start, end).map(({ lower }) => lower);
    if (said.length === 0 || !this.isFree({ from, to }) || this.tokens.slice(from, to).some(({ kind }) => kind !== 'word' && kind !== 'number')) return { kind: 'none' };
    const name = said.join('_');
    const key = `${typeof value} ${typeof value === 'string' && value.includes('://') ? 'url' : ''} ${name}`;
    const hit = this.names.get(key) ?? this.lookUp(name, said, value);
    this.names.set(key, hit);
    return hit;
  }

  private lookUp(name: string, said: readonly string[], value: Json): NameMatch {
    const own = this.index.bySpelling.get(spellingOf(name)) ?? this.form.fields.filter(({ label }) => spellingOf(label) === spellingOf(name));
    if (own.length === 1 && own[0]) return { kind: 'field', field: own[0] };
    if (own.length > 1) return { kind: 'several', fields: [...own] };
    const meant = typeof value === 'number' ? SAID_FOR.get(spellingOf(name)) : undefined;
    if (meant === undefined && said.every((word) => FILLERS.has(word) && word !== 'size' && word !== 'format' && word !== 'style')) return { kind: 'none' };
    const match = resolveName(meant ?? name, value, this.index, NOTHING_TAKEN);
    const isBatch = meant !== undefined && match.kind === 'field' && match.field.name.startsWith('batch') && this.form.output.kind !== 'uri_list';
    return isBatch ? { kind: 'none' } : match; // a batch is a number of results only where several come out
  }

  settled(field: FormField, raw: Json): { ok: true; value: Json } | { ok: false; why: string } {
    if (field.secret) return { ok: false, why: `“${field.label}” (${field.name}) is secret: give it in its own field, not in words.` };
    const settled = field.role.kind === 'file' ? settleFile(field, raw, NO_FACTS) : settleValue(field, raw);
    if (settled.kind === 'value') return { ok: true, value: settled.value };
    return { ok: false, why: settled.kind === 'issues' ? settled.issues.map(({ message }) => message).join(' ') : `“${field.label}” (${field.name}) would be empty.` };
  }

  /** Takes the tokens as a value of the field; what does not fit is asked about. */
  take(field: FormField, raw: Json, rule: AnswerRule, span: Span): void {
    this.read({ field, rule, isOpenEnded: false }, raw, span);
  }

  /** Takes a text without quotes round it. */
  takeOpen(field: FormField, raw: Json, span: Span): void {
    this.read({ field, rule: 'named', isOpenEnded: true }, raw, span);
  }

  /** Empties a field: null leaves it out, a text whose default would come back is sent empty. */
  clear(field: FormField, span: Span): void {
    this.use(span);
    const defaultReturns = typeof field.default === 'string' && field.default !== '' && !field.nullable && !field.enum && field.role.kind !== 'file';
    this.readings.push({ field, value: defaultReturns ? '' : null, rule: 'cleared', words: this.wordsOf(span), isOpenEnded: false });
  }

  ask(span: Span, why: string): void {
    this.use(span);
    this.unclear.push(why);
  }

  private read(what: Pick<Reading, 'field' | 'rule' | 'isOpenEnded'>, raw: Json, span: Span): void {
    const settled = this.settled(what.field, raw);
    this.use(span);
    if (!settled.ok) this.unclear.push(settled.why);
    else this.readings.push({ ...what, value: settled.value, words: this.wordsOf(span) });
  }

  private use({ from, to }: Span): void {
    for (let at = from; at < to; at += 1) this.used.add(at);
  }
}

/** Fields that the model needs and the payload does not have. */
export function missingFields(form: Form, shown: JsonObject): FormField[] {
  return form.fields.filter((field) => field.effectivelyRequired && !isGiven(shown[field.name])
    && (!field.required || field.default === undefined || field.defaultIsSample || field.default === ''));
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0) && !(isJsonObject(value) && Object.keys(value).length === 0);
}
