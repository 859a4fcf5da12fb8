/*
 * What this is: what a person's free words make of a request, before the answer is recorded.
 * Invariants: words are only a proposal: whatever is not certain is refused with what was understood and what is not, and the
 * approval stays pending; the edits made of them, whoever read them, pass the same check as edits typed into fields.
 */
import type { Approval, JsonObject } from '@countersign/core';
import type { ProblemFieldView } from '@countersign/contracts';
import { CONFIDENCE_THRESHOLD, readAnswer, type ReadAnswer, type Understood } from '@countersign/validator';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http/answers/problem';
import { ApplyEdits } from './apply-edits';
import type { GivenAnswer } from './read-answer';
import { ReadWordsByModel } from './read-by-model';

const FIELD = 'message';
const MAX_SHOWN = 200; // characters of a value that a refusal repeats; the person knows what they wrote

/** What the words mean. */
export interface AppliedWords {
  edits: JsonObject;
  understood: JsonObject[];
  /** The language model that read them; absent when the rules did. */
  readBy?: string;
}

@Injectable()
export class ApplyWords {
  constructor(private readonly edits: ApplyEdits, private readonly byModel: ReadWordsByModel) {}

  /**
   * The edits that the words of the answer mean: by rule, and where no rule is sure, as a language model reads them.
   * @throws ProblemError VALIDATION_FAILED about `message`: first what is unclear, then what was understood
   */
  async apply(approval: Approval, answer: GivenAnswer): Promise<AppliedWords> {
    const { form, config } = await this.edits.formShown(approval);
    const words = answer.message ?? '';
    const byRule = readAnswer(form, approval.payload?.input ?? {}, words);
    const doubts = doubtsOf(byRule);
    if (doubts.length === 0) return this.checked(approval, answer, byRule);
    const byModel = config.useNaturalLanguageHitl ? await this.byModel.read(approval, form, words) : null;
    if (byModel === null) throw notClear(doubts, byRule.understood);
    return { ...(await this.checked(approval, answer, byModel)), readBy: byModel.readBy };
  }

  private async checked(approval: Approval, answer: GivenAnswer, { edits, understood }: { edits: JsonObject; understood: readonly Piece[] }): Promise<AppliedWords> {
    try {
      await this.edits.apply(approval, { ...answer, edits });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'VALIDATION_FAILED') throw notClear([error.message], understood, error.more.errors);
      throw error;
    }
    return { edits, understood: understood.map((one) => ({ ...one })) };
  }
}

/** A piece of the words and what it means; a rule's or a model's. */
type Piece = Omit<Understood, 'rule'> & { rule: string };

function doubtsOf({ ambiguities, confidence }: ReadAnswer): readonly string[] {
  if (ambiguities.length > 0 || confidence >= CONFIDENCE_THRESHOLD) return ambiguities;
  return ['Too much of it was not understood: name the fields and their values.'];
}

function notClear(unclear: readonly string[], understood: readonly Piece[], problems: readonly ProblemFieldView[] = []): ProblemError {
  const read = understood.map(({ field, words, value }) => `${field} = ${shown(JSON.stringify(value))} (from “${shown(words)}”)`);
  const detail = `Nothing was changed. ${unclear.join(' ')}${read.length > 0 ? ` Understood so far: ${read.join('; ')}.` : ''}`;
  return new ProblemError('VALIDATION_FAILED', detail, {
    errors: [
      ...unclear.map((message) => ({ field: FIELD, code: 'unclear', message })),
      ...read.map((message) => ({ field: FIELD, code: 'understood', message: `Understood: ${message}` })),
      ...problems,
    ],
  });
}

const shown = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)} …` : text);
