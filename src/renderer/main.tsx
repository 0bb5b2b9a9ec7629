import './design/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLiveState } from './bridge/live-state.ts';

const place = document.getElementById('root');
if (place === null) throw new Error('index.html lacks #root');
await startLiveState();
createRoot(place).render(
  <StrictMode>
    {/* The page's policy refuses styles that come as elements: all of ours are in its style sheet. */}
    <CSPProvider disableStyleElements>
      <App />
    </CSPProvider>
  </StrictMode>,
);
