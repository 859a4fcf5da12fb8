import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { SessionProvider } from './session/session';
import './styles/page.css';
import './styles/frame.css';
import './styles/card.css';
import './styles/form.css';
import './styles/run.css';
import './styles/receipt.css';
import './styles/memory.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <SessionProvider>
      <App />
    </SessionProvider>
  </StrictMode>,
);
