import type { ApprovalView } from '@countersign/contracts';
import type { Json, JsonObject } from '@countersign/core';
import { BeforeAfter } from '../approvals/card-facts';
import { explainRefusal } from '../approvals/refusal';
import { listOf, objectOf, textOf } from '../form/fields';
import { hrefs } from '../frame/route';
import { useShortcuts } from '../frame/shortcuts';
import { VisibleText } from '../text/visible-text';
import { person } from '../text/wording';
import { useMemories } from './use-memories';

interface CardMemoryProps {
  approval: ApprovalView;
  isLocked: boolean;
  /** Makes it an edit of this answer, which is shown and confirmed like any other. */
  onTake(field: string, value: Json | undefined): void;
}

/** What reviewers usually change here, to take or to mute, and what a rule changed already. */
export function CardMemory({ approval, isLocked, onTake }: CardMemoryProps) {
  const { context, payload, user_id: user } = approval;
  const offers = listOf(context.habits).map(objectOf);
  const applied = listOf(context.fixes).map(objectOf).filter((fix) => textOf(fix.memory_id) !== '');
  const isNeeded = offers.length + applied.length > 0 && payload !== null && !isLocked;
  const { entries, error, set } = useMemories(isNeeded ? { provider: payload.provider, model: payload.model, ...(user && { user_id: user }) } : null);
  const stateOf = (memory: JsonObject): string => {
    if (!entries) return textOf(memory.state);
    return entries.find(({ memory_id: id }) => id === memory.memory_id)?.state ?? 'gone';
  };
  const isOpen = (offer: JsonObject): boolean => !['muted', 'gone'].includes(stateOf(offer));
  const shown = isLocked ? offers : offers.filter(isOpen);
  const [first] = shown;
  const take = (offer: JsonObject): void => onTake(textOf(offer.field), offer.after ?? undefined);
  const mute = (offer: JsonObject): void => void set(textOf(offer.memory_id), 'muted');
  useShortcuts({ y: () => { if (first && !isLocked) take(first); }, m: () => { if (first && !isLocked) mute(first); } });
  if (shown.length + applied.length === 0) return null;
  return (
    <section className="card-memory" aria-label="What reviewers usually change" data-testid="card-memory">
      {shown.map((offer, index) => (
        <div key={textOf(offer.memory_id)} className="habit" data-testid="habit" data-state={stateOf(offer)}>
          <p>
            {offer.state === 'always' ? 'A rule was not applied: ' : 'Usually changed: '}
            <code>{textOf(offer.field)}</code> <BeforeAfter before={offer.before} after={offer.after} />
            <span className="basis"><VisibleText text={offer.state === 'always' ? textOf(offer.not_applied) : textOf(offer.evidence)} /></span>
          </p>
          {!isLocked && (
            <p className="habit-actions">
              <button type="button" className="button small" data-testid="habit-take" onClick={() => take(offer)}>Take{index === 0 && <kbd>y</kbd>}</button>
              <button type="button" className="button small" data-testid="habit-mute" title="Never propose this again, until it is un-muted" onClick={() => mute(offer)}>Mute{index === 0 && <kbd>m</kbd>}</button>
              {stateOf(offer) === 'proposed' && (
                <button type="button" className="button small" data-testid="habit-always" title="From the next run on, where the requester leaves this field to the model" onClick={() => void set(textOf(offer.memory_id), 'always')}>Always from now on</button>
              )}
              {stateOf(offer) === 'always' && offer.state !== 'always' && <span className="basis">From the next run on this is done without asking.</span>}
            </p>
          )}
        </div>
      ))}
      {applied.map((fix) => (
        <div key={textOf(fix.memory_id)} className="habit ruled" data-testid="rule-applied">
          <p>
            Changed by a rule: <code>{textOf(fix.field)}</code> <BeforeAfter before={fix.before} after={fix.after} />
            <span className="basis"><VisibleText text={`switched on by ${person(textOf(fix.rule).split('switched on by ')[1] ?? null)}`} /></span>
          </p>
          {!isLocked && (
            <p className="habit-actions">
              <button type="button" className="button small" data-testid="rule-undo" onClick={() => onTake(textOf(fix.field), fix.before ?? undefined)}>Take it back here</button>
              {stateOf(fix) === 'always' && <button type="button" className="button small" data-testid="rule-off" onClick={() => void set(textOf(fix.memory_id), 'proposed')}>Switch the rule off</button>}
              {entries !== null && stateOf(fix) !== 'always' && <span className="basis">The rule is off from the next run on.</span>}
            </p>
          )}
        </div>
      ))}
      {error && <p className="field-error" role="alert">{explainRefusal(error).title}: {explainRefusal(error).detail}</p>}
      <p className="side-note"><a href={hrefs.memory}>Everything that is remembered</a></p>
    </section>
  );
}
