import type { JsonObject } from '@countersign/core';
import { listOf, objectOf, textOf } from '../form/fields';
import { VisibleText } from '../text/visible-text';
import { dollars } from '../text/wording';

/** What core's budget gate says on a card: running this would pass a cap. */
export function OverBudget({ budget }: { budget: JsonObject }) {
  if (!('why' in budget)) return null;
  const caps = listOf(budget.caps).map(objectOf);
  return (
    <section className="fact over-budget" data-testid="over-budget">
      <h4>Over the budget</h4>
      <p>
        Running this would cost <strong>{amount(budget.estimate_usd)}</strong> <span className="basis"><VisibleText text={textOf(budget.estimate_basis)} /></span>
      </p>
      <ul>
        {caps.map((cap, index) => (
          <li key={index}>
            {cap.scope === 'user' ? <VisibleText text={`${textOf(cap.user_id)}’s`} /> : 'The'} cap of {amount(cap.cap_usd)} a day: {amount(cap.used_usd)} used, {amount(cap.reserved_usd)} set aside
          </li>
        ))}
      </ul>
      <p className="basis">A reviewer’s yes lets it pass, and counts. Whoever asks may change the input or reject.</p>
    </section>
  );
}

/** Marks a card about money in lists and heads. */
export function BudgetMark({ context }: { context: JsonObject }) {
  return 'why' in objectOf(context.budget) ? <span className="kind over-budget-mark" data-testid="budget-mark">Over budget</span> : null;
}

function amount(value: unknown): string {
  return typeof value === 'number' ? dollars(value) : 'unknown';
}
