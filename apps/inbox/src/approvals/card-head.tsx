import { useEffect, useRef } from 'react';
import type { ApprovalView } from '@countersign/contracts';
import { BudgetMark } from '../budget/over-budget';
import { hrefs } from '../frame/route';
import { neighbourOf } from '../live/live-store';
import { useLive } from '../session/session';
import { VisibleText } from '../text/visible-text';
import { dateAndTime, person, plain, whyAsked } from '../text/wording';
import { Left } from './approval-list';
import { checkpointWords, STATUS_WORDS } from './checkpoint-words';
import { HeldNote } from './held-note';

/** What happens when nobody answers. */
const THEN: Record<string, string> = {
  reject: 'then it is rejected', approve: 'then it is approved', keep_waiting: 'then it keeps waiting', escalate: 'then all reviewers are asked',
};

export function CardHead({ approval }: { approval: ApprovalView }) {
  const { payload } = approval;
  const words = checkpointWords(approval.checkpoint_type);
  const reason = approval.context.reason;
  return (
    <header className="card-head">
      <p className="list-line">
        <span className={`kind ${approval.checkpoint_type}`}>{words.label}</span>
        <BudgetMark context={approval.context} />
        {approval.status === 'pending' && (
          <span role="timer" aria-label="Time left"><Left approval={approval} />{approval.expires_at && <span className="then">, {THEN[approval.on_timeout] ?? ''}</span>}</span>
        )}
        <span role="status"><HeldNote approval={approval} /></span>
      </p>
      <h2 id="card-title" tabIndex={-1}><VisibleText text={approval.title} /></h2>
      <dl className="card-facts-line">
        {payload && <div><dt>Model</dt><dd><VisibleText text={`${payload.provider} / ${payload.model}`} /> <code title={payload.version}>{payload.version.slice(0, 12)}</code></dd></div>}
        {approval.user_id && <div><dt>Asked by</dt><dd><VisibleText text={approval.user_id} /></dd></div>}
        {typeof reason === 'string' && reason !== approval.message && <div><dt>Why you are asked</dt><dd><VisibleText text={whyAsked(reason)} /></dd></div>}
        {approval.payload_hash && <div><dt>Payload</dt><dd><code title={`SHA-256 ${approval.payload_hash}`}>{approval.payload_hash.slice(0, 12)}</code></dd></div>}
        <div><dt>Run</dt><dd><a href={hrefs.run(approval.run_id)}>{approval.run_id.slice(-12)}</a></dd></div>
      </dl>
    </header>
  );
}

/** A card that was answered, by whomever: it stays to be read, and takes no answer. Where it was answered leads on to the next. */
export function DecidedNote({ approval, isOurs }: { approval: ApprovalView; isOurs: boolean }) {
  const next = neighbourOf(useLive(), approval, 1);
  const link = useRef<HTMLAnchorElement>(null);
  const hasNext = next !== null;
  useEffect(() => {
    if (isOurs) link.current?.focus({ preventScroll: true });
  }, [isOurs, hasNext]);
  const { response, decided_by, decided_at } = approval;
  const edited = Object.keys(response?.edits ?? {});
  return (
    <div className={`banner decided ${approval.status}`} role="status" data-testid="decided-note">
      <strong>{decided_by ? <><VisibleText text={person(decided_by)} /> {STATUS_WORDS[approval.status] ?? plain(approval.status)} this</> : `This approval is ${STATUS_WORDS[approval.status] ?? plain(approval.status)}`}</strong>
      {decided_at && <> on {dateAndTime(decided_at)}</>}
      {response?.reason && <>: <VisibleText text={response.reason} /></>}
      {edited.length > 0 && <> · changed {edited.join(', ')}</>}
      <span className="decided-on">
        {next && <a className="button small" data-testid="next-question" aria-keyshortcuts="j" ref={link} href={hrefs.approval(next.approval_id)}>Next question <kbd aria-hidden="true">j</kbd></a>}
        {!next && isOurs && <span>Nothing else is waiting.</span>}
        {' '}<a href={hrefs.run(approval.run_id)}>Open the run</a>
      </span>
    </div>
  );
}
