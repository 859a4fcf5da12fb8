import { useState } from 'react';
import type { RunStateView } from '@countersign/contracts';
import type { CountersignClient, CountersignError } from '@countersign/client';
import { go, hrefs } from '../frame/route';
import { useSession } from '../session/session';

type Control = 'pause' | 'resume' | 'cancel' | 'fork_request';

const LABELS: Record<Control, string> = {
  pause: 'Pause', resume: 'Resume', cancel: 'Cancel', fork_request: 'Start over from the request',
};
const ABOUT: Record<Control, string> = {
  pause: 'Nothing moves until it is resumed', resume: 'Goes on where it was paused', cancel: 'Ends the run for good',
  fork_request: 'A new run of what was asked, checked and asked about again',
};

function controlsFor({ status }: RunStateView): Control[] {
  switch (status) {
    case 'queued':
    case 'running':
    case 'awaiting_human': return ['pause', 'cancel'];
    case 'paused': return ['resume', 'cancel'];
    default: return ['fork_request'];
  }
}

/** What can be done with a run besides answering its questions. Cancelling takes two steps, since it does not come back. */
export function RunControls({ run }: { run: RunStateView }) {
  const { client } = useSession();
  const [error, setError] = useState<string | null>(null);
  const [asked, setAsked] = useState<Control | null>(null);
  const [isCancelling, setCancelling] = useState(false);
  const control = async (what: Control): Promise<void> => {
    setAsked(what);
    setError(null);
    setCancelling(false);
    try {
      await perform(client, run.run_id, what);
    } catch (reason) {
      setError((reason as CountersignError).message);
    } finally {
      setAsked(null);
    }
  };
  const press = (what: Control): void => (what === 'cancel' ? setCancelling(true) : void control(what));
  return (
    <div className="run-controls">
      {isCancelling ? (
        <>
          <button type="button" className="button small reject" data-testid="run-cancel-confirm" autoFocus onClick={() => void control('cancel')}>Cancel the run for good</button>
          <button type="button" className="button small" onClick={() => setCancelling(false)}>Keep it</button>
        </>
      ) : controlsFor(run).map((what) => (
        <button key={what} type="button" className="button small" data-testid={`run-${what}`} title={ABOUT[what]} disabled={asked !== null} onClick={() => press(what)}>{LABELS[what]}</button>
      ))}
      <a className="button small" data-testid="run-receipt" href={hrefs.receipt(run.run_id)}>Receipt</a>
      {error && <span className="field-error" role="alert">{error}</span>}
    </div>
  );
}

async function perform(client: CountersignClient, runId: string, what: Control): Promise<void> {
  switch (what) {
    case 'fork_request': {
      const { run_id: forked } = await client.fork(runId, { from_step: 'information_review' });
      return go(hrefs.run(forked));
    }
    default: await client[what](runId);
  }
}
