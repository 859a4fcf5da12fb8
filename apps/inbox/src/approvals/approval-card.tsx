import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { ApprovalView } from '@countersign/contracts';
import type { Action, Json } from '@countersign/core';
import type { CountersignError } from '@countersign/client';
import { changes, changesFor, edits, problems, type Change, type Draft } from '../form/draft';
import { readFields } from '../form/fields';
import { SchemaForm } from '../form/schema-form';
import { useShortcuts } from '../frame/shortcuts';
import { useClaim } from '../live/use-claim';
import { OutputParts, partsOf } from '../media/output-parts';
import { CardMemory } from '../memory/card-memory';
import { useSession } from '../session/session';
import { Claimed, VisibleText } from '../text/visible-text';
import { CardFacts, issuesOf } from './card-facts';
import { CardHead, DecidedNote } from './card-head';
import { checkpointWords } from './checkpoint-words';
import { DecideBar, type Answer } from './decide-bar';
import { explainRefusal, type Refusal } from './refusal';
import { useTitleFocus } from './use-title-focus';

interface ApprovalCardProps {
  approval: ApprovalView;
  /** Reads the approval again. */
  onReload(): void;
}

/** One question to a person: what is asked, all there is to judge it by, and the answers it takes. */
export function ApprovalCard({ approval, onReload }: ApprovalCardProps) {
  const { client, store } = useSession();
  const [draft, setDraft] = useState<Draft>({});
  const [armed, setArmed] = useState<Action | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  /** Answered here, just now: whoever did it goes on to the next one. */
  const [isOurs, setOurs] = useState(false);
  // What this person has looked at; an answer says so, and a card that changed meanwhile is looked at again.
  const [seenHash, setSeenHash] = useState(approval.payload_hash);

  const card = useRef<HTMLElement>(null);
  useTitleFocus(card);
  useClaim(approval);

  const words = checkpointWords(approval.checkpoint_type);
  const isLocked = approval.status !== 'pending';
  const isChanged = seenHash !== approval.payload_hash;
  const fields = readFields(approval.schema, approval.payload?.input ?? {});
  const changed = changes(fields, draft);
  const issues = issuesOf(approval.context);
  const fieldNames = new Set(fields.map((field) => field.name));
  const blockedBy = isChanged ? 'The payload changed: look at it first' : (problems(draft)[0] ?? null);
  const errors = refusal?.fields ?? [];

  const decide = async ({ action, reason }: Answer): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    const sent = changesFor(action, fields, changed);
    try {
      const answer = await client.decide(approval.approval_id, {
        action,
        ...(sent.length > 0 && { edits: edits(sent) }),
        ...(action === 'reject' && { reason }),
        ...(action === 'respond' && { message: reason }),
        ...(seenHash && { payload_hash: seenHash }),
      });
      setArmed(null);
      setOurs(true);
      store.putApproval(answer.approval);
    } catch (error) {
      const told = explainRefusal(error as CountersignError);
      setRefusal(told);
      if (!told.fields.some(({ field }) => field === 'reason' || field === 'message')) setArmed(null);
      if (['APPROVAL_ALREADY_DECIDED', 'APPROVAL_EXPIRED'].includes((error as CountersignError).code)) onReload();
    } finally {
      setBusy(false);
    }
  };

  const taken = (action: Action): Change[] => changesFor(action, fields, changed);
  /** To what has to be mended, else to the first field. */
  const toFirstField = (): void => {
    const found = ['.field.flagged', '.field'].map((row) => card.current?.querySelector<HTMLElement>(`${row} :is(input, textarea, select)`)).find(Boolean);
    const fold = found?.closest('details');
    if (fold) fold.open = true;
    found?.focus();
    found?.closest('.field')?.scrollIntoView({ block: 'nearest' });
  };
  const arm = (action: Action) => (): void => {
    if (isLocked || armed || !approval.allowed_actions.includes(action)) return;
    if (action === 'edit' && taken('edit').length === 0) toFirstField();
    else if (action === 'reject' || (!blockedBy && (action !== 'approve' || changed.length === 0))) setArmed(action);
  };
  useShortcuts({
    a: arm('approve'), e: arm('edit'), r: arm('reject'), t: arm('retry'), w: arm('respond'),
    Enter: () => document.querySelector<HTMLElement>('[data-testid=confirm]')?.click(),
    Escape: () => (armed ? setArmed(null) : (document.activeElement as HTMLElement | null)?.blur()),
  });

  /** Enter in a line of the form goes on to the answer; a text of several lines keeps it. */
  const sendOnEnter = (event: KeyboardEvent): void => {
    const isLine = event.target instanceof HTMLInputElement && !['checkbox', 'file'].includes(event.target.type);
    if (event.key !== 'Enter' || !isLine || event.nativeEvent.isComposing || taken('edit').length === 0) return;
    event.preventDefault();
    arm('edit')();
  };

  /** One click makes it an edit of this answer; what it will do is shown, and confirmed. */
  const take = (name: string, value: Json | undefined): void => {
    if (isBusy) return;
    setDraft((before) => ({ ...before, [name]: { value, problem: null } }));
    if (fieldNames.has(name) && approval.allowed_actions.includes('edit')) setArmed('edit');
  };

  useEffect(() => {
    if (refusal?.fields.length) card.current?.querySelector('.field.wrong')?.scrollIntoView({ block: 'center' });
  }, [refusal]);

  const parts = partsOf(approval.context.output);
  return (
    <article className={`card${isLocked ? ' locked' : ''}`} data-testid="approval-card" data-approval-id={approval.approval_id} data-status={approval.status} aria-labelledby="card-title" ref={card}>
      <CardHead approval={approval} />
      <p className="card-message"><VisibleText text={approval.message} />{words.isClaimed && <Claimed />}</p>
      {issues.filter((issue) => !fieldNames.has(issue.field)).map((issue) => (
        <p key={issue.code + issue.message} className={`field-issue ${issue.severity}`}><VisibleText text={issue.message} /> <span className="fix"><VisibleText text={issue.suggested_fix} /></span></p>
      ))}
      {parts.length > 0 && <section aria-label="Output" className="card-output"><OutputParts parts={parts} onStale={onReload} /></section>}
      <CardMemory approval={approval} isLocked={isLocked} onTake={take} />
      <CardFacts context={approval.context} />
      {fields.length > 0 && (
        <section className="card-form" aria-label={words.fields} onKeyDown={sendOnEnter}>
          <h3>{words.fields} {words.isFormClaimed && <Claimed />}
            {changed.length > 0 && !isLocked && <button type="button" className="link" onClick={() => setDraft({})}>Undo my changes</button>}
          </h3>
          <SchemaForm
            fields={fields} draft={draft} errors={errors} issues={issues} isLocked={isLocked || isBusy} isFolded
            onChange={(name, value, problem) => setDraft((before) => ({ ...before, [name]: { value, problem } }))}
          />
        </section>
      )}
      <footer className="answer">
        {!isLocked && isChanged && (
          <div className="banner warning" role="alert">
            The payload changed while you were looking. <button type="button" className="button small" onClick={() => setSeenHash(approval.payload_hash)}>I have looked again</button>
          </div>
        )}
        {refusal && (
          <div className="banner error" role="alert" data-testid="refusal">
            <strong>{refusal.title}</strong> <VisibleText text={refusal.detail} />
            {errors.filter(({ field }) => !fieldNames.has(field) && field !== 'reason' && field !== 'message').map(({ field, message }) => <p key={field + message}><code>{field}</code> <VisibleText text={message} /></p>)}
            {refusal.isStale && !isLocked && <button type="button" className="button small" onClick={() => { setRefusal(null); setSeenHash(approval.payload_hash); onReload(); }}>Load it again</button>}
          </div>
        )}
        {isLocked && <DecidedNote approval={approval} isOurs={isOurs} />}
        {!isLocked && (
          <DecideBar
            checkpoint={approval.checkpoint_type} allowed={approval.allowed_actions} changed={changed} taken={taken} blockedBy={blockedBy} isBusy={isBusy}
            reasonError={errors.find(({ field }) => field === 'reason' || field === 'message')?.message ?? null} armed={armed} onArm={setArmed} onEdit={toFirstField} onConfirm={(answer) => void decide(answer)}
          />
        )}
      </footer>
    </article>
  );
}
