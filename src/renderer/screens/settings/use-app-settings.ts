import { useCallback } from 'react';
import type { AppSettings } from '../../../ipc/window.ts';
import { ask } from '../../bridge/bridge.ts';
import { noteShell, useShell } from '../../bridge/live-state.ts';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

/** What the app keeps, and changing some of it: it holds at once. */
export function useAppSettings(): readonly [AppSettings, (change: Partial<AppSettings>) => void] {
  const { settings } = useShell();
  const w = useWords(words);
  const { complain } = useToasts();
  const change = useCallback(
    (part: Partial<AppSettings>) => {
      ask('settings.set', { settings: { ...settings, ...part } }).then(noteShell, (error: unknown) =>
        complain(w.saveFailed(error instanceof Error ? error.message : String(error))),
      );
    },
    [settings, complain, w],
  );
  return [settings, change];
}
