import './design/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startLiveState } from './bridge/live-state.ts';

const place = document.getElementById('root');
if (place === null) throw new Error('index.html lacks #root');
await startLiveState();
createRoot(place).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
