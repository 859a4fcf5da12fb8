import { useEffect, useRef, useState } from 'react';
import type { Action } from '@countersign/core';
import type { Change } from '../form/draft';
import { BeforeAfter } from './card-facts';
import { ACTION_KEYS, ACTION_ORDER, actionLabel } from './checkpoint-words';

export interface Answer {
  action: Action;
  reason: string;
}

interface DecideBarProps {
  checkpoint: string;
  allowed: readonly string[];
  changed: readonly Change[];
  /** Which of the changes an answer takes along. */
  taken(action: Action): readonly Change[];
  /** Why nothing can be sent now. */
  blockedBy: string | null;
  isBusy: boolean;
  /** What the server said about the reason. */
  reasonError: string | null;
  armed: Action | null;
  onArm(action: Action | null): void;
  /** Goes to the field to change first. */
  onEdit(): void;
  onConfirm(answer: Answer): void;
}

const IN_WORDS: readonly Action[] = ['reject', 'respond'];

/** Two steps for every answer: choose, then confirm what it will do. */
export function DecideBar(props: DecideBarProps) {
  const { checkpoint, allowed, changed, taken, blockedBy, isBusy, armed, onArm, onEdit } = props;
  const actions = ACTION_ORDER.filter((action) => allowed.includes(action));
  if (armed) return <Confirm key={armed} {...props} action={armed} />;
  const why = (action: Action): string | null => {
    if (action === 'edit' && taken('edit').length === 0) return changed.length > 0 ? 'These changes go with running it again' : null;
    if (action === 'approve' && changed.length > 0) return 'You changed fields: send the changes, or undo them';
    return action === 'reject' ? null : blockedBy;
  };
  return (
    <div className="decide-bar" role="group" aria-label="Your answer">
      {actions.map((action) => {
        const isToStart = action === 'edit' && taken('edit').length === 0;
        return (
          <button
            key={action} type="button" className={`button ${action}`} data-testid={`action-${action}`} disabled={isBusy || why(action) !== null}
            title={why(action) ?? undefined} aria-keyshortcuts={ACTION_KEYS[action]} onClick={() => (isToStart ? onEdit() : onArm(action))}
          >
            {isToStart ? (checkpoint === 'execution_unknown' ? 'Name its job' : 'Change a field') : actionLabel(action, checkpoint)}{['edit', 'retry'].includes(action) && taken(action).length > 0 && ` (${taken(action).length})`}
            <kbd aria-hidden="true">{ACTION_KEYS[action]}</kbd>
          </button>
        );
      })}
    </div>
  );
}

function Confirm({ action, checkpoint, changed, taken, blockedBy, isBusy, reasonError, onArm, onConfirm }: DecideBarProps & { action: Action }) {
  const [reason, setReason] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const sent = taken(action);
  const asksForWords = IN_WORDS.includes(action);
  // The card may change between choosing and confirming.
  const isOverrun = action !== 'reject' && (blockedBy !== null || (action === 'approve' && changed.length > 0) || (action === 'edit' && sent.length === 0));
  const isReady = !isBusy && !isOverrun && (!asksForWords || reason.trim() !== '');
  useEffect(() => {
    (field.current ?? button.current)?.focus();
  }, []);
  const confirm = (): void => {
    if (isReady) onConfirm({ action, reason: reason.trim() });
  };
  return (
    <div className={`confirm ${action}`} role="group" aria-label="Confirm your answer">
      {asksForWords && (
        <label className="reason">
          {action === 'reject' ? 'Why not? The requester will read this.' : 'Say what should be different.'}
          <textarea
            ref={field} data-testid={action === 'reject' ? 'reject-reason' : 'respond-message'} rows={2} value={reason} placeholder={action === 'respond' ? 'For example: make it square, 30 steps, prompt: "a red fox"' : undefined} maxLength={2000} aria-invalid={reasonError !== null || undefined}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              confirm();
            }}
          />
        </label>
      )}
      {action === 'retry' && checkpoint === 'execution_unknown' && <p>If it ran after all, this costs twice.</p>}
      {reasonError && <p className="field-error" role="alert">{reasonError}</p>}
      {sent.length > 0 && (
        <ul className="before-after">
          {sent.map(({ field: { name }, before, after }) => <li key={name}><code>{name}</code> <BeforeAfter before={before} after={after} /></li>)}
        </ul>
      )}
      {action !== 'reject' && changed.length > sent.length && (
        <p className="field-limits">Not part of this answer: {changed.filter((change) => !sent.includes(change)).map(({ field: { name } }) => name).join(', ')}</p>
      )}
      <p className="confirm-line">
        <button ref={button} type="button" className={`button ${action}`} data-testid="confirm" disabled={!isReady} onClick={confirm}>
          {isBusy ? 'Sending …' : `Confirm: ${actionLabel(action, checkpoint).toLowerCase()}`}
        </button>
        <button type="button" className="button" disabled={isBusy} onClick={() => onArm(null)}>Back</button>
        <span className="keys"><kbd>Enter</kbd> confirms, <kbd>Esc</kbd> goes back</span>
      </p>
    </div>
  );
}
