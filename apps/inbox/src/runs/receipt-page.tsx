import { useEffect, useState } from 'react';
import type { ReceiptLaunchView, ReceiptQuestionView, ReceiptView } from '@countersign/contracts';
import type { CountersignError } from '@countersign/client';
import { checkpointWords } from '../approvals/checkpoint-words';
import { explainRefusal } from '../approvals/refusal';
import { hrefs } from '../frame/route';
import { useSession } from '../session/session';
import { VisibleText } from '../text/visible-text';
import { dateAndTime, person, plain } from '../text/wording';
import { StatusChip } from './run-list';

/** What an auditor keeps of a run, made to be printed: who decided what on which payload, what ran, what came out, what it cost. */
export function ReceiptPage({ runId }: { runId: string }) {
  const { client } = useSession();
  const [receipt, setReceipt] = useState<ReceiptView | null>(null);
  const [error, setError] = useState<CountersignError | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    client.receipt(runId, { signal: stop.signal }).then(setReceipt, (reason: CountersignError) => stop.signal.aborted || setError(reason));
    return () => stop.abort();
  }, [client, runId]);
  if (error) {
    const { title, detail } = explainRefusal(error);
    return <div className="banner error" role="alert"><strong>{title}</strong> {detail}</div>;
  }
  return receipt ? <Receipt receipt={receipt} /> : <p className="placeholder">Loading…</p>;
}

function Receipt({ receipt }: { receipt: ReceiptView }) {
  const cost = Object.entries(receipt.cost).map(([currency, amount]) => `${String(amount)} ${currency}`);
  return (
    <article className="card receipt" data-testid="receipt">
      <header>
        <h2>Receipt</h2>
        <p className="receipt-buttons">
          <button type="button" className="button small" onClick={() => window.print()}>Print</button>
          <button type="button" className="button small" data-testid="receipt-save" onClick={() => save(receipt)}>Save as file</button>
          <a className="button small" href={hrefs.run(receipt.run_id)}>The run</a>
        </p>
      </header>
      <Verdict {...receipt.verdict} />
      <dl className="receipt-facts">
        <Fact name="Run"><code>{receipt.run_id}</code></Fact>
        <Fact name="Model"><VisibleText text={receipt.model} /> by {receipt.provider}</Fact>
        <Fact name="For"><VisibleText text={receipt.user_id} /> of <VisibleText text={receipt.tenant_id} /></Fact>
        <Fact name="Status"><StatusChip status={receipt.status} /></Fact>
        <Fact name="From, to">{dateAndTime(receipt.started_at)}{receipt.ended_at ? ` – ${dateAndTime(receipt.ended_at)}` : ', not over yet'}</Fact>
        <Fact name="Cost">{cost.length > 0 ? cost.join(', ') : 'nothing, or not told by the provider'}</Fact>
        <Hash name="Request" hash={receipt.request_hash} />
        <Hash name="Result" hash={receipt.output_hash} />
      </dl>
      <h3>Who decided</h3>
      {receipt.questions.length === 0 && <p className="nothing">Nobody was asked.</p>}
      <ol className="receipt-list">{receipt.questions.map((question) => <Question key={question.approval_id} {...question} />)}</ol>
      {receipt.consents.map(({ attempt, by, at, payload_hash: hash }) => (
        <p key={attempt} className="receipt-line">Launch {attempt} was allowed by <VisibleText text={person(by)} />, {dateAndTime(at)}. <HashText hash={hash} /></p>
      ))}
      <h3>What ran, what came out</h3>
      {receipt.launches.length === 0 && <p className="nothing">Nothing ran.</p>}
      <ol className="receipt-list">{receipt.launches.map((launch) => <Launch key={launch.launch_id} {...launch} />)}</ol>
      <h3>Chain of {receipt.events.length} events</h3>
      <ol className="receipt-list">
        {receipt.events.map(({ seq, at, actor, message, hash }) => (
          <li key={seq}>{seq}. <VisibleText text={message} /> <span className="left">{dateAndTime(at)}, {person(actor)}</span> <HashText hash={hash} /></li>
        ))}
      </ol>
      <footer>
        <Hash name="This receipt" hash={receipt.receipt_hash} />
        <p className="side-note">Saved as a file it can be checked without any server: <code>npm run audit:verify -- --receipt FILE</code></p>
      </footer>
    </article>
  );
}

function Verdict({ intact, findings, unproven }: ReceiptView['verdict']) {
  return (
    <div className={`banner ${intact ? 'decided approved' : 'error'}`} data-testid="receipt-verdict">
      <strong>{intact ? 'Intact: the chain is whole and no row contradicts it.' : 'Broken: something was changed behind the house’s back.'}</strong>
      {[...findings, ...unproven.map((words) => `unproven: ${words}`)].map((words) => <p key={words}><VisibleText text={words} /></p>)}
    </div>
  );
}

const DONE: Record<string, string> = { approve: 'Approved', edit: 'Changed and approved', reject: 'Rejected', respond: 'Answered in words', retry: 'Told to run again' };

function Question({ checkpoint_type: kind, asked_at: asked, action, decided_by: by, decided_at: at, via, payload_hash: hash }: ReceiptQuestionView) {
  const answer = by ? `${action ? (DONE[action] ?? plain(action)) : 'ended'} by ${person(by)}${via ? ` (${via})` : ''}, ${at ? dateAndTime(at) : ''}` : 'Not answered yet';
  return <li><strong>{checkpointWords(kind).label}</strong> <span className="left">({plain(kind)})</span> {asked && <span className="left">asked {dateAndTime(asked)}</span>}<br /><VisibleText text={answer} /><HashText hash={hash} /></li>;
}

function Launch({ attempt, status, provider_job_id: job, payload_hash: hash, cost, files, finished_at: at }: ReceiptLaunchView) {
  return (
    <li>
      <strong>Launch {attempt}: {plain(status)}</strong> {at && <span className="left">{dateAndTime(at)}</span>}<br />
      {job && <>Provider job <VisibleText text={job} />. </>}{cost && <>Cost {String(cost.amount)} {String(cost.currency)}. </>}
      <HashText hash={hash} />
      {files.map((file) => <p key={String(file.artifact_id)}>{String(file.mime)}, {String(file.bytes)} bytes <HashText hash={String(file.sha256)} /></p>)}
    </li>
  );
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => <div><dt>{name}</dt><dd>{children}</dd></div>;
const Hash = ({ name, hash }: { name: string; hash: string | null }) => (hash === null ? null : <div className="receipt-hash"><dt>{name}</dt><dd><HashText hash={hash} /></dd></div>);
const HashText = ({ hash }: { hash: string | null }) => (hash === null ? null : <code className="hash">{hash}</code>);

function save(receipt: ReceiptView): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([JSON.stringify(receipt, null, 2)], { type: 'application/json' }));
  link.download = `receipt-${receipt.run_id}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}
