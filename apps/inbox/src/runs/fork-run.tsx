import { useEffect, useState } from 'react';
import type { ModelView, RunStateView } from '@countersign/contracts';
import type { CountersignError } from '@countersign/client';
import { explainRefusal, type Refusal } from '../approvals/refusal';
import { changes, edits, problems, type Draft } from '../form/draft';
import { readFields } from '../form/fields';
import { SchemaForm } from '../form/schema-form';
import { go, hrefs } from '../frame/route';
import { useSession } from '../session/session';
import { newKey } from './new-key';

/** A run that has ended never changes again; a new one begins where its parameters stood, with other ones where wanted. */
export function ForkRun({ run }: { run: RunStateView }) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) return <button type="button" className="button small" data-testid="run-fork" onClick={() => setOpen(true)}>Run again with changes</button>;
  return <ForkForm run={run} onClose={() => setOpen(false)} />;
}

function ForkForm({ run, onClose }: { run: RunStateView; onClose: () => void }) {
  const { client } = useSession();
  const [form, setForm] = useState<ModelView | null>(null);
  const [draft, setDraft] = useState<Draft>({});
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  // One key for one filled form: pressing twice, or again after a lost answer, starts one run.
  const [key, setKey] = useState(newKey);
  useEffect(() => {
    const stop = new AbortController();
    client.model(run.provider, run.model, { signal: stop.signal }).then(setForm, (error: CountersignError) => stop.signal.aborted || setRefusal(explainRefusal(error)));
    return () => stop.abort();
  }, [client, run.provider, run.model]);

  const isComplete = run.suggested_payload !== null && run.validation_summary?.blocking_issues === 0;
  const fields = form ? readFields(form.schema, run.suggested_payload?.input ?? {}) : [];
  const changed = changes(fields, draft);
  const start = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const body = { from_step: isComplete ? 'payload_review' as const : 'information_review' as const, ...(changed.length > 0 && { edits: edits(changed) }) };
      go(hrefs.run((await client.fork(run.run_id, body, { idempotencyKey: key })).run_id));
    } catch (error) {
      setRefusal(explainRefusal(error as CountersignError));
      setBusy(false);
    }
  };
  return (
    <form className="fork" data-testid="fork-form" onSubmit={(event) => { event.preventDefault(); void start(); }}>
      <h3>Run again with changes</h3>
      <p className="field-about">A new run, checked and asked about like the first one. This one stays as it is.</p>
      <SchemaForm
        fields={fields} draft={draft} errors={refusal?.fields ?? []} issues={[]} isLocked={isBusy} isFolded
        onChange={(name, value, problem) => { setDraft((before) => ({ ...before, [name]: { value, problem } })); setKey(newKey()); }}
      />
      {refusal && <div className="banner error" role="alert"><strong>{refusal.title}</strong> {refusal.detail}</div>}
      <p className="run-controls">
        <button type="submit" className="button approve" data-testid="fork-submit" disabled={isBusy || !form || problems(draft).length > 0}>
          {changed.length > 0 ? `Run again with ${changed.length} change${changed.length > 1 ? 's' : ''}` : 'Run again as it was'}
        </button>
        <button type="button" className="button" disabled={isBusy} onClick={onClose}>Not now</button>
      </p>
    </form>
  );
}
