/** The newest things that happened. */
import { useLive } from '../bridge/live-state.ts';
import { useNow } from '../bridge/use-now.ts';
import { catalogue, useWords } from '../words/language.tsx';
import { ActivityRow } from './activity-row.tsx';
import classes from './recent.module.css';

const words = catalogue({
  en: {
    title: 'Recent activity',
    nothing: 'Nothing has happened yet. What you and others change appears here.',
  },
  de: {
    title: 'Zuletzt geschehen',
    nothing: 'Noch ist nichts geschehen. Was du und andere ändern, erscheint hier.',
  },
});

/** False while nobody can say what happened. */
export function useHasRecent(): boolean {
  return useLive((live) => live.status !== null || live.recent.length > 0);
}

export const useRecentTitle = () => useWords(words).title;

export function Recent({ shown, compact = false }: { readonly shown: number; readonly compact?: boolean }) {
  const w = useWords(words);
  const recent = useLive((live) => live.recent);
  const now = useNow(10_000);
  if (recent.length === 0) return <p className={classes['nothing']}>{w.nothing}</p>;
  return (
    <ul className={classes['list']} aria-label={w.title}>
      {recent.slice(0, shown).map((activity) => (
        <li key={activity.id}>
          <ActivityRow activity={activity} now={now} compact={compact} />
        </li>
      ))}
    </ul>
  );
}
