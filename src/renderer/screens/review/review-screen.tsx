import { ShieldCheck } from 'lucide-react';
import { useEngine } from '../../bridge/use-engine.ts';
import { EmptyState, ErrorState, LoadingState } from '../../design/message.tsx';
import { Screen } from '../../design/screen.tsx';
import { NotAsked } from '../../live/not-asked.tsx';
import { useWords } from '../../words/language.tsx';
import { BatchCard } from './batch-card.tsx';
import { BatchView } from './batch-view.tsx';
import classes from './review.module.css';
import { words } from './words.ts';

/** Batches are few, however many files they hold: they come in one answer. */
const MANY = 200;

export function ReviewScreen({ id }: { readonly id: string | null }) {
  const w = useWords(words);
  const { value, reply, again } = useEngine('review.list', { limit: MANY });
  if (id !== null && value !== null) {
    return <BatchView key={id} batch={value.batches.find((each) => each.id === id) ?? null} />;
  }
  return (
    <Screen title={w.title} lead={w.lead}>
      <NotAsked list="review.list" />
      {value === null ? (
        reply.kind === 'loading' || reply.kind === 'ok' ? (
          <LoadingState rows={3} />
        ) : (
          <ErrorState reply={reply} again={again} />
        )
      ) : value.batches.length === 0 ? (
        <EmptyState icon={<ShieldCheck />} title={w.emptyTitle}>
          {w.emptyText}
        </EmptyState>
      ) : (
        <ul className={classes['list']} aria-label={w.list}>
          {value.batches.map((batch) => (
            <li key={batch.id}>
              <BatchCard batch={batch} />
            </li>
          ))}
        </ul>
      )}
    </Screen>
  );
}
