/** "Is my work safe right now?", answered with its proof; renewed every second. */
import { useShell, useStatus } from '../bridge/live-state.ts';
import { useNow } from '../bridge/use-now.ts';
import { StateIcon } from '../design/state-icon.tsx';
import { headlineOf, headlineWords } from '../words/headline.ts';
import { useFormats, useLanguage, useWords } from '../words/language.tsx';
import classes from './status-headline.module.css';

export function useHeadline(): string {
  const words = useWords(headlineWords);
  const formats = useFormats();
  const language = useLanguage();
  const now = useNow();
  const status = useStatus();
  const phase = useShell().phase;
  if (phase === 'engine-lost') return words.engineLost;
  if (phase === 'locked') return words.locked;
  if (phase === 'starting') return words.starting;
  return status === null ? words.settingUp : headlineOf(status, { words, formats, language, now });
}

export function StatusHeadline() {
  const status = useStatus();
  const headline = useHeadline();
  return (
    <div className={classes['headline']} data-testid="headline" data-state={status?.state ?? 'setting-up'}>
      <StateIcon state={status?.state ?? 'setting-up'} />
      <p>{headline}</p>
    </div>
  );
}
