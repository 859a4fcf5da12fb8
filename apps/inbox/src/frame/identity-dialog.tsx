import { useState } from 'react';
import { useSession } from '../session/session';
import { nameProblem } from '../session/settings';
import { Dialog } from './dialog';

export function IdentityDialog({ onClose }: { onClose: () => void }) {
  const { identity, become } = useSession();
  const [userId, setUserId] = useState(identity.userId);
  const [apiKey, setApiKey] = useState(identity.apiKey);
  const problem = nameProblem(userId);
  return (
    <Dialog title="Who are you?" onClose={onClose}>
      <form onSubmit={(event) => { event.preventDefault(); if (problem) return; become({ userId, apiKey: apiKey.trim() }); onClose(); }}>
        <div className="field">
          <label className="field-label" htmlFor="user-name">User name</label>
          <p className="field-about" id="user-name-about">Counts on this machine only (AUTH_MODE=local). Your decisions are recorded under it.</p>
          <input id="user-name" data-testid="user-name" value={userId} autoComplete="username" spellCheck={false} placeholder="local" aria-describedby="user-name-about" aria-invalid={problem !== null || undefined} onChange={(event) => setUserId(event.target.value)} />
          {problem && <p className="field-error" role="alert">{problem}</p>}
        </div>
        <div className="field">
          <label className="field-label" htmlFor="api-key">API key</label>
          <p className="field-about" id="api-key-about">Where keys are asked for (AUTH_MODE=api_key). Forgotten when this tab closes.</p>
          <input id="api-key" data-testid="api-key" type="password" value={apiKey} autoComplete="off" aria-describedby="api-key-about" onChange={(event) => setApiKey(event.target.value)} />
        </div>
        <p className="confirm-line">
          <button type="submit" className="button approve" data-testid="identity-save">Save</button>
          <button type="button" className="button" onClick={onClose}>Cancel</button>
        </p>
      </form>
    </Dialog>
  );
}
