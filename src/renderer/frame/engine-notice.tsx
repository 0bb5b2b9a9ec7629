/** While nobody answers: why, and that nothing is lost by it. */
import { useShell } from '../bridge/live-state.ts';
import { catalogue, useWords } from '../words/language.tsx';
import classes from './engine-notice.module.css';

const words = catalogue({
  en: {
    starting: 'Tidemark is starting.',
    lost: (why: string) =>
      `The sync engine ended by itself${why === '' ? '' : ` (${why})`} and is being started again. Your files are safe; what you change is noticed when it is back.`,
    locked: 'Waiting for the keychain of this computer. Unlock it, and syncing goes on.',
  },
  de: {
    starting: 'Tidemark startet.',
    lost: (why: string) =>
      `Die Synchronisierung hat sich von selbst beendet${why === '' ? '' : ` (${why})`} und wird neu gestartet. Deine Dateien sind sicher; was du änderst, wird danach bemerkt.`,
    locked: 'Wartet auf den Schlüsselbund dieses Computers. Entsperre ihn, dann geht es weiter.',
  },
});

export function EngineNotice() {
  const w = useWords(words);
  const { phase, lastEnd } = useShell();
  const text = phase === 'locked' ? w.locked : phase === 'engine-lost' ? w.lost(lastEnd ?? '') : w.starting;
  return (
    <p className={classes['notice']} role="status">
      {text}
    </p>
  );
}
