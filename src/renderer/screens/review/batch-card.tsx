import type { ReviewRow } from '../../../ipc/review.ts';
import { goTo, routeTo } from '../../bridge/router.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { useLanguage, useWords } from '../../words/language.tsx';
import { evidenceOf } from './evidence.ts';
import classes from './review.module.css';
import { words } from './words.ts';

export function BatchCard({ batch }: { readonly batch: ReviewRow }) {
  const w = useWords(words);
  const now = useNow(60_000);
  const { sentence, held, share, size } = evidenceOf(batch, useLanguage(), now);
  return (
    <Card>
      <div className={classes['card']}>
        <div className={classes['cardText']}>
          <h2>{sentence}</h2>
          <p>{held}</p>
          <p>{`${w.share}: ${share} · ${w.size}: ${size}`}</p>
        </div>
        <Button onClick={() => goTo(routeTo(['review', batch.id]))}>{w.look}</Button>
      </div>
    </Card>
  );
}
