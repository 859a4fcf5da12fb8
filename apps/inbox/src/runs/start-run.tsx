import { useEffect, useState } from 'react';
import type { ModelView, ProviderView } from '@countersign/contracts';
import { POLICY_CHOICES, type PolicyChoice } from './policy-choices';
import { CountersignError } from '@countersign/client';
import { explainRefusal, type Refusal } from '../approvals/refusal';
import { changes, edits, problems, type Draft } from '../form/draft';
import { readFields } from '../form/fields';
import { SchemaForm } from '../form/schema-form';
import { go, hrefs } from '../frame/route';
import { useSession } from '../session/session';
import { newKey } from './new-key';

/** A run on one of the models that this installation offers by name. */
export function StartRun() {
  const { client } = useSession();
  const [providers, setProviders] = useState<ProviderView[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    const stop = new AbortController();
    client.providers({ signal: stop.signal }).then(
      (list) => setProviders(list.providers.filter((provider) => provider.models.length > 0)),
      (error: CountersignError) => stop.signal.aborted || setTrouble(error.status === 401 ? 'Once you are let in, the models stand here.' : error.message),
    );
    return () => stop.abort();
  }, [client]);

  const first = providers?.find((provider) => provider.name === 'local') ?? providers?.[0];
  const value = chosen ?? (first?.models[0] ? `${first.name}|${first.models[0].model}` : '');
  const [provider, model] = value.split('|');
  return (
    <div className="card">
      <h2>Start a run</h2>
      {trouble && <div className="banner error" role="alert">{trouble}</div>}
      {providers?.length === 0 && <p>No provider here offers models by name. Start runs through the API instead.</p>}
      {provider && model && (
        <>
          <div className="field">
            <label className="field-label" htmlFor="start-model">Model</label>
            <select id="start-model" data-testid="start-run-model" value={value} onChange={(event) => setChosen(event.target.value)}>
              {providers?.map((one) => (
                <optgroup key={one.name} label={one.title}>
                  {one.models.map((offered) => <option key={offered.model} value={`${one.name}|${offered.model}`}>{offered.model} – {offered.title}</option>)}
                </optgroup>
              ))}
            </select>
          </div>
          <StartForm key={value} provider={provider} model={model} />
        </>
      )}
    </div>
  );
}

function StartForm({ provider, model }: { provider: string; model: string }) {
  const { client } = useSession();
  const [form, setForm] = useState<ModelView | null>(null);
  const [draft, setDraft] = useState<Draft>({});
  const [prompt, setPrompt] = useState('');
  const [policy, setPolicy] = useState<PolicyChoice>('require_human');
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  // One key for one filled form: pressing twice, or again after a lost answer, starts one run.
  const [key, setKey] = useState(newKey);

  useEffect(() => {
    const stop = new AbortController();
    client.model(provider, model, { signal: stop.signal }).then(setForm, (error: CountersignError) => stop.signal.aborted || setRefusal(explainRefusal(error)));
    return () => stop.abort();
  }, [client, provider, model]);

  const fields = form ? readFields(form.schema, {}) : [];
  const promptField = fields.find((field) => field.isPrompt);
  const others = fields.filter((field) => field !== promptField);
  const touch = (): void => setKey(newKey());

  const start = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      const started = await client.startRun({
        run_input: { prompt, provider, model, parameters: edits(changes(others, draft).filter(({ after }) => after !== undefined)) },
        hitl_config: { policy },
      }, { idempotencyKey: key });
      go(hrefs.run(started.run_id));
    } catch (error) {
      setRefusal(explainRefusal(error as CountersignError));
      setBusy(false);
    }
  };

  return (
    <form data-testid="start-run-form" onSubmit={(event) => { event.preventDefault(); void start(); }}>
      {form?.description && <p className="field-about">{form.description}</p>}
      <div className="field">
        <label className="field-label" htmlFor="start-prompt">{promptField?.label ?? 'In your words (optional)'}</label>
        {promptField?.description && <p className="field-about">{promptField.description}</p>}
        <textarea id="start-prompt" data-testid="start-run-prompt" rows={3} dir="auto" value={prompt} maxLength={promptField?.maxLength} disabled={isBusy} onChange={(event) => { setPrompt(event.target.value); touch(); }} />
      </div>
      <SchemaForm
        fields={others} draft={draft} errors={refusal?.fields ?? []} issues={[]} isLocked={isBusy}
        onChange={(name, value, problem) => { setDraft((before) => ({ ...before, [name]: { value, problem } })); touch(); }}
      />
      <div className="field">
        <label className="field-label" htmlFor="start-policy">Who decides</label>
        <select id="start-policy" data-testid="start-run-policy" value={policy} disabled={isBusy} onChange={(event) => { setPolicy(event.target.value as PolicyChoice); touch(); }}>
          {POLICY_CHOICES.map(({ policy: word, label }) => <option key={word} value={word}>{label}</option>)}
        </select>
      </div>
      {refusal && <div className="banner error" role="alert"><strong>{refusal.title}</strong> {refusal.detail}</div>}
      <button type="submit" className="button approve" data-testid="start-run-submit" disabled={isBusy || !form || problems(draft).length > 0}>{isBusy ? 'Starting …' : 'Start the run'}</button>
    </form>
  );
}
