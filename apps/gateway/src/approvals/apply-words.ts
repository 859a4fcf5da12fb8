/*
 * What this is: what a person's free words make of a request, before the answer is recorded.
 * Invariants: words are only a proposal, read by rule: whatever is not certain is refused with what was understood and what
 * is not, and the approval stays pending; the edits made of them pass the same check as edits typed into fields.
 */
import type { Approval, JsonObject } from '@countersign/core';
import type { ProblemFieldView } from '@countersign/contracts';
import { CONFIDENCE_THRESHOLD, readAnswer, type Understood } from '@countersign/validator';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http/problem';
import { ApplyEdits } from './apply-edits';
import type { GivenAnswer } from './read-answer';

const FIELD = 'message';
const MAX_SHOWN = 200; // characters of a value that a refusal repeats; the person knows what they wrote

@Injectable()
export class ApplyWords {
  constructor(private readonly edits: ApplyEdits) {}

  /**
   * The edits that the words of the answer mean.
   * @throws ProblemError VALIDATION_FAILED about `message`: first what is unclear, then what was understood
   */
  async apply(approval: Approval, answer: GivenAnswer): Promise<{ edits: JsonObject; understood: JsonObject[] }> {
    const form = await this.edits.formShown(approval);
    const { edits, confidence, understood, ambiguities } = readAnswer(form, approval.payload?.input ?? {}, answer.message ?? '');
    if (ambiguities.length > 0) throw notClear(ambiguities, understood);
    if (confidence < CONFIDENCE_THRESHOLD) throw notClear(['Too much of it was not understood: name the fields and their values.'], understood);
    try {
      await this.edits.apply(approval, { ...answer, edits });
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'VALIDATION_FAILED') throw notClear([error.message], understood, error.more.errors);
      throw error;
    }
    return { edits, understood: understood.map((one) => ({ ...one })) };
  }
}

function notClear(unclear: readonly string[], understood: readonly Understood[], problems: readonly ProblemFieldView[] = []): ProblemError {
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
