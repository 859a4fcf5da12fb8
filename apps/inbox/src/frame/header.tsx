import { useState } from 'react';
import type { CountersignError } from '@countersign/client';
import { useLive, useSession } from '../session/session';
import { HelpDialog } from './help-dialog';
import { IdentityDialog } from './identity-dialog';
import { hrefs } from './route';
import { useShortcuts } from './shortcuts';

const CONNECTION = {
  connecting: 'Connecting …', live: 'Live', away: 'Connection lost, trying again …', refused: 'Not let in',
} as const;

export function Header() {
  const { identity } = useSession();
  const { connection, trouble } = useLive();
  const [open, setOpen] = useState<'help' | 'identity' | null>(null);
  useShortcuts({ '?': () => setOpen('help') });
  return (
    <header className="top">
      <a className="brand" href={hrefs.home}><img src="/favicon.svg" alt="" width="26" height="26" /> <span className="roomy">Countersign</span></a>
      <span className={`connection ${connection}`} role="status" data-testid="connection" data-state={connection}><span className="roomy">{CONNECTION[connection]}</span></span>
      <span className="spacer" />
      <a className="button" href={hrefs.memory} data-testid="open-memory" title="What reviewers usually change">Memory</a>
      <a className="button approve" href={hrefs.start} data-testid="open-start">Start a run</a>
      <button type="button" className="button" data-testid="identity" onClick={() => setOpen('identity')}>
        <span className="roomy">{identity.apiKey ? 'API key' : 'You are'}</span> <strong>{identity.apiKey ? '••••' : identity.userId || 'local'}</strong>
      </button>
      <button type="button" className="button round keys-help" aria-label="Keyboard help" title="Keyboard help (?)" onClick={() => setOpen('help')}>?</button>
      {trouble && <p className="banner error top-trouble" role="alert"><Trouble trouble={trouble} hasKey={identity.apiKey !== ''} /> {trouble.status === 401 && <button type="button" className="button small" onClick={() => setOpen('identity')}>Set an API key</button>}</p>}
      {open === 'help' && <HelpDialog onClose={() => setOpen(null)} />}
      {open === 'identity' && <IdentityDialog onClose={() => setOpen(null)} />}
    </header>
  );
}

function Trouble({ trouble, hasKey }: { trouble: CountersignError; hasKey: boolean }) {
  if (trouble.status !== 401) return <><strong>{trouble.title}</strong> {trouble.message}</>;
  return hasKey ? <><strong>Your key was not accepted.</strong> It may be mistyped, or revoked.</> : <><strong>An API key is asked for here.</strong> Whoever runs this gives you one.</>;
}
