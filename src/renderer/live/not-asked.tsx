/** Lists are of the synced folder and every share together: where one could not be asked, the list says that it is not all. */
import { CloudOff } from 'lucide-react';
import { useEngine } from '../bridge/use-engine.ts';
import { catalogue, useFormats, useWords } from '../words/language.tsx';
import { inSentence } from '../words/visible-text.ts';
import classes from './not-asked.module.css';

const words = catalogue({
  en: {
    text: (shares: string) =>
      `Without what is in ${shares}: the server could not be asked about it just now.`,
  },
  de: {
    text: (shares: string) =>
      `Ohne das, was in ${shares} ist: Der Server ließ sich gerade nicht danach fragen.`,
  },
});

const EVERY_MS = 5000;

export function NotAsked({
  list,
}: {
  readonly list: 'activity.list' | 'conflicts.list' | 'review.list' | 'trash.list';
}) {
  const w = useWords(words);
  const formats = useFormats();
  const { value } = useEngine(list, { limit: 1 }, EVERY_MS);
  const without = value?.without ?? [];
  if (without.length === 0) return null;
  return (
    <p role="status" className={classes['note']}>
      <CloudOff aria-hidden="true" />
      {w.text(formats.list(without.map(inSentence)))}
    </p>
  );
}
