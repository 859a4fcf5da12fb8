import type { Issue, Json, JsonObject } from '@countersign/core';
import { OverBudget } from '../budget/over-budget';
import { listOf, objectOf, textOf } from '../form/fields';
import { VisibleText, VisibleValue } from '../text/visible-text';
import { flagInWords, money, person, ruleInWords } from '../text/wording';
import { AgentPlace, JobsInQuestion } from './agent-facts';
import { Fact, Raw } from './fact';

/** What a card shows beside the payload, as core's checkpoints put it into `context`. */
const SHOWN_APART = new Set(['reason', 'fixes', 'mapping', 'dropped', 'diff_from_defaults', 'estimate', 'confidence', 'flags', 'validation_summary', 'output', 'cost', 'browser_context', 'proposed_from', 'wording', 'habits', 'asked_again', 'files', 'budget', 'error', 'refused_fields', 'candidate_job_ids', 'action_description', 'requires_human_review']);

export function issuesOf(context: JsonObject): Issue[] {
  const found = listOf(objectOf(context.validation_summary).checkpoints).flatMap((checkpoint) => listOf(objectOf(checkpoint).issues) as unknown as Issue[]);
  // What the provider refused is shown at its fields too, in the provider's words.
  const refused = listOf(context.refused_fields).map(objectOf).map(({ code, field, message }) => ({ code, field, message, severity: 'error', suggested_fix: '', details: {} }) as unknown as Issue);
  return [...found, ...refused.filter(({ field }) => field !== '')];
}

export function CardFacts({ context }: { context: JsonObject }) {
  const rest = Object.fromEntries(Object.entries(context).filter(([key, value]) => !SHOWN_APART.has(key) && value !== null));
  const again = objectOf(context.asked_again);
  if ('changes' in again) {
    const { asked_again: _again, proposed_from: said, wording, budget, ...same } = context;
    return (
      <div className="facts">
        <Worded wording={objectOf(wording)} />
        <OverBudget budget={objectOf(budget)} />
        <AskedAgain again={again} />
        <SaidInWords said={objectOf(said)} />
        <details className="fact"><summary>Everything else about it</summary><CardFacts context={same} /></details>
      </div>
    );
  }
  return (
    <div className="facts">
      <Worded wording={objectOf(context.wording)} />
      <OverBudget budget={objectOf(context.budget)} />
      <SaidInWords said={objectOf(context.proposed_from)} />
      <PayloadFlags flags={listOf(context.flags).map(objectOf)} />
      <Fixes fixes={listOf(context.fixes).map(objectOf).filter((fix) => !('memory_id' in fix))} />
      <Differences entries={listOf(context.diff_from_defaults).map(objectOf)} />
      <Mapping mapping={objectOf(context.mapping)} />
      <FilesKept files={listOf(context.files).map(objectOf)} />
      <Dropped names={listOf(context.dropped)} />
      <Money label="Estimate" cost={objectOf(context.estimate)} />
      <Money label="Cost" cost={objectOf(context.cost)} />
      <Confidence confidence={objectOf(context.confidence)} />
      <Quality output={objectOf(context.output)} />
      <JobsInQuestion ids={listOf(context.candidate_job_ids)} />
      {context.browser_context !== undefined && <AgentPlace place={context.browser_context} />}
      {Object.keys(rest).length > 0 && <Raw title="More" value={rest} />}
    </div>
  );
}

/** The message above was worded by a language model: what the check itself says stays beside it. */
function Worded({ wording }: { wording: JsonObject }) {
  if (typeof wording.rule_message !== 'string') return null;
  return (
    <section className="fact" data-testid="worded">
      <h4>Worded by <VisibleText text={textOf(wording.by)} /></h4>
      <p>The check itself says: <VisibleText text={wording.rule_message} /></p>
    </section>
  );
}

/** Approved before, and not started: only what changed since. */
function AskedAgain({ again }: { again: JsonObject }) {
  return (
    <section className="fact asked-again" data-testid="asked-again">
      <h4>Changed since {person(textOf(again.approved_by))} approved it</h4>
      <ul className="before-after">
        {listOf(again.changes).map(objectOf).map((change, index) => (
          <li key={index} data-what={textOf(change.what)}>
            <VisibleText text={textOf(change.message)} />
            {change.what !== 'time' && <BeforeAfter before={shortHash(change.before)} after={shortHash(change.after)} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A SHA-256 is known again by its beginning, as everywhere on the page. */
function shortHash(value: Json | undefined): Json | undefined {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 12)}…` : value;
}

/** Files whose content could not be kept in mind: a change of theirs would not be seen. */
function FilesKept({ files }: { files: JsonObject[] }) {
  const unread = files.filter(({ sha256 }) => sha256 === null);
  if (unread.length === 0) return null;
  return (
    <Fact title="Files that may change unseen">
      <ul>{unread.map((file, index) => <li key={index}><code>{textOf(file.field)}</code>: <VisibleText text={textOf(file.why)} /></li>)}</ul>
    </Fact>
  );
}

/** An answer in words, what was read in it, and what it changes. */
function SaidInWords({ said }: { said: JsonObject }) {
  if (!('message' in said)) return null;
  const changes = listOf(said.changes).map(objectOf);
  const doubtful = listOf(said.understood).map(objectOf).filter((one) => one.is_certain === false);
  return (
    <section className="fact said-in-words" data-testid="said-in-words">
      <h4>Changed in words by {person(textOf(said.by))}</h4>
      <blockquote><VisibleText text={textOf(said.message)} /></blockquote>
      {typeof said.read_by === 'string' && <p>Read by <VisibleText text={said.read_by} />: look whether this is what was meant.</p>}
      {doubtful.length > 0 && <p className="warning">Not certain: {doubtful.map((one) => `${textOf(one.field)} (${Math.round(Number(one.confidence) * 100)} %)`).join(', ')}</p>}
      {changes.length === 0 && <p>This changes nothing.</p>}
      <ul className="before-after">
        {changes.map((change, index) => <li key={index}><code>{textOf(change.field)}</code> <BeforeAfter before={change.before} after={change.after} /></li>)}
      </ul>
    </section>
  );
}

function Fixes({ fixes }: { fixes: JsonObject[] }) {
  if (fixes.length === 0) return null;
  return (
    <Fact title="Repaired for you">
      <ul className="before-after">
        {fixes.map((fix, index) => (
          <li key={index}>
            <code>{textOf(fix.field)}</code>
            {textOf(fix.from_field) && fix.from_field !== fix.field && <> from <code><VisibleText text={textOf(fix.from_field)} /></code></>}
            <BeforeAfter before={fix.before} after={fix.after} />
            <span className="rule">{ruleInWords(textOf(fix.rule))}</span>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

export function BeforeAfter({ before, after }: { before: Json | undefined; after: Json | undefined }) {
  return (
    <span className="change">
      <del aria-label="before"><VisibleValue value={quoted(before, after)} /></del>
      <span aria-hidden="true"> → </span>
      <ins aria-label="after"><VisibleValue value={quoted(after, before)} /></ins>
    </span>
  );
}

/** "96" and 96 look alike: a text beside a number or a switch is quoted. */
function quoted(value: Json | undefined, other: Json | undefined): Json | undefined {
  return typeof value === 'string' && ['number', 'boolean'].includes(typeof other) ? `“${value}”` : value;
}

function Differences({ entries }: { entries: JsonObject[] }) {
  if (entries.length === 0) return null;
  return (
    <Fact title="Differs from the model’s defaults">
      <ul className="before-after">
        {entries.map((entry, index) => (
          <li key={index}><code>{textOf(entry.field)}</code> {entry.default === null || entry.default === undefined ? <VisibleValue value={entry.value} /> : <BeforeAfter before={entry.default} after={entry.value} />}</li>
        ))}
      </ul>
    </Fact>
  );
}

function Mapping({ mapping }: { mapping: JsonObject }) {
  const entries = Object.entries(mapping);
  if (entries.length === 0) return null;
  return (
    <Fact title="Which file went where">
      <ul>{entries.map(([field, from]) => <li key={field}><code>{field}</code> ← <VisibleValue value={Array.isArray(from) ? from.join(', ') : from} /></li>)}</ul>
    </Fact>
  );
}

function Dropped({ names }: { names: Json[] }) {
  if (names.length === 0) return null;
  return <Fact title="Not sent"><p>The model has no place for: <VisibleText text={names.map(String).join(', ')} /></p></Fact>;
}

function Money({ label, cost }: { label: string; cost: JsonObject }) {
  if (!('amount' in cost)) return null;
  return (
    <Fact title={label}>
      <p><strong>{typeof cost.amount === 'number' ? money(cost.amount) : 'unknown'}</strong> <span className="basis"><VisibleText text={textOf(cost.basis).replace(/: free$/, '')} /></span></p>
    </Fact>
  );
}

function Confidence({ confidence }: { confidence: JsonObject }) {
  if (typeof confidence.score !== 'number') return null;
  return (
    <Fact title="Confidence">
      <p><meter min={0} max={1} low={0.5} high={0.9} optimum={1} value={confidence.score} aria-label="confidence" /> {Math.round(confidence.score * 100)} %</p>
      <ul>{listOf(confidence.reasons).map((reason, index) => <li key={index}><VisibleText text={String(reason)} /></li>)}</ul>
    </Fact>
  );
}

function PayloadFlags({ flags }: { flags: JsonObject[] }) {
  if (flags.length === 0) return null;
  return (
    <Fact title="Look twice before this is sent">
      <ul>{flags.map((flag, index) => <Flag key={index} flag={flag} />)}</ul>
    </Fact>
  );
}

function Flag({ flag }: { flag: JsonObject }) {
  return (
    <li className="warning" data-testid="flag" data-flag={textOf(flag.flag)}>
      <strong>{flagInWords(textOf(flag.flag))}</strong>: <VisibleText text={textOf(flag.why)} />
      {typeof flag.score === 'number' && <span className="basis"> {Math.round(flag.score * 100)} % sure</span>}
    </li>
  );
}

function Quality({ output }: { output: JsonObject }) {
  const flags = listOf(output.flags).map(objectOf);
  const doubts = listOf(output.doubts);
  if (flags.length === 0 && doubts.length === 0 && typeof output.quality !== 'number') return null;
  return (
    <Fact title="A first look at the result">
      {typeof output.quality === 'number' && <p>Quality {Math.round(output.quality * 100)} %</p>}
      <ul>
        {flags.map((flag, index) => <Flag key={index} flag={flag} />)}
        {doubts.map((doubt, index) => <li key={`doubt-${index}`} className="warning"><VisibleText text={String(doubt)} /></li>)}
      </ul>
    </Fact>
  );
}
