import { useState } from 'react';
import type { MemoryView } from '@countersign/contracts';
import type { Json } from '@countersign/core';
import { BeforeAfter } from '../approvals/card-facts';
import { explainRefusal } from '../approvals/refusal';
import { VisibleText } from '../text/visible-text';
import { ago, person } from '../text/wording';
import { useNow } from '../live/use-now';
import { useMemories, type Memories } from './use-memories';

const STATE_WORDS: Record<string, string> = {
  noted: 'Seen, not often enough to be proposed', proposed: 'Proposed on cards', muted: 'Muted: never proposed', always: 'Always: done without asking',
};

/** All that is remembered of what reviewers change: look, mute, switch on and off, delete. */
export function MemoryPage() {
  const memories = useMemories({});
  const { entries, total, error } = memories;
  return (
    <section className="card" aria-labelledby="memory-title" data-testid="memory-page">
      <header className="card-head">
        <h2 id="memory-title">What reviewers usually change</h2>
        <p className="side-note">
          Numbers, switches and choices that were changed on payload cards, for each user and model version. Prompts, files and secrets are never kept.
          After three alike a change is proposed; nothing is changed without asking unless a rule is switched on here.
        </p>
      </header>
      {error && <div className="banner error" role="alert"><strong>{explainRefusal(error).title}</strong> {explainRefusal(error).detail}</div>}
      {entries?.length === 0 && <p className="placeholder">Nothing yet. Change a field on a card, and it appears here.</p>}
      {!entries && !error && <p className="placeholder">Loading…</p>}
      {groupsOf(entries ?? []).map((group) => <Model key={group.key} group={group} memories={memories} />)}
      {entries && total > entries.length && <p className="side-note">The newest {entries.length} of {total} are shown.</p>}
    </section>
  );
}

interface Group {
  key: string;
  entries: [MemoryView, ...MemoryView[]];
}

function groupsOf(entries: readonly MemoryView[]): Group[] {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    const key = JSON.stringify([entry.user_id, entry.provider, entry.model]);
    const group = groups.get(key);
    if (group) group.entries.push(entry);
    else groups.set(key, { key, entries: [entry] });
  }
  return [...groups.values()];
}

function Model({ group: { entries }, memories }: { group: Group; memories: Memories }) {
  const [whose] = entries;
  return (
    <section className="memory-model" data-testid="memory-model" data-model={whose.model} data-user={whose.user_id}>
      <h3>
        <VisibleText text={`${whose.provider} / ${whose.model}`} /> <span className="basis">for <VisibleText text={whose.user_id} /></span>
        <Delete label="Forget all of it" onDelete={() => memories.forgetModel(whose)} testId="memory-forget-model" />
      </h3>
      <ul className="memory-list">{entries.map((entry) => <Entry key={entry.memory_id} entry={entry} memories={memories} />)}</ul>
    </section>
  );
}

function Entry({ entry, memories: { set, forget } }: { entry: MemoryView; memories: Memories }) {
  const now = useNow();
  const { memory_id: id, state, set_by: by } = entry;
  return (
    <li className="memory-entry" data-testid="memory-entry" data-field={entry.field} data-state={state}>
      <p><code>{entry.field}</code> <BeforeAfter before={entry.before as Json} after={entry.after as Json} /></p>
      <p className="basis">
        <strong>{STATE_WORDS[state] ?? state}</strong>{by && <> (<VisibleText text={person(by)} />)</>} · {entry.evidence.alike} of the last {entry.evidence.of}
        {' '}· version <code title={entry.version}>{entry.version.slice(0, 12)}</code> · {ago(now - Date.parse(entry.last_seen_at))}
      </p>
      <p className="habit-actions">
        {state !== 'always' && <button type="button" className="button small" data-testid="memory-always" onClick={() => void set(id, 'always')}>Always do this</button>}
        {state === 'always' && <button type="button" className="button small" data-testid="memory-off" onClick={() => void set(id, 'proposed')}>Switch off</button>}
        {state !== 'muted' && <button type="button" className="button small" data-testid="memory-mute" onClick={() => void set(id, 'muted')}>Mute</button>}
        {state === 'muted' && <button type="button" className="button small" data-testid="memory-unmute" onClick={() => void set(id, 'proposed')}>Un-mute</button>}
        <Delete label="Delete" onDelete={() => forget(id)} testId="memory-delete" />
      </p>
    </li>
  );
}

/** Two steps, since what is forgotten does not come back. */
function Delete({ label, onDelete, testId }: { label: string; onDelete: () => Promise<boolean>; testId: string }) {
  const [isArmed, setArmed] = useState(false);
  if (!isArmed) return <button type="button" className="button small" data-testid={testId} onClick={() => setArmed(true)}>{label}</button>;
  return (
    <>
      <button type="button" className="button small reject" data-testid={`${testId}-confirm`} autoFocus onClick={() => void onDelete().then((isGone) => isGone || setArmed(false))}>{label} for good</button>
      <button type="button" className="button small" onClick={() => setArmed(false)}>Keep</button>
    </>
  );
}
