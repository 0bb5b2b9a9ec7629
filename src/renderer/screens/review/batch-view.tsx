/** One batch: what happened, the two answers, and every file. */
import { ArrowLeft, ShieldCheck } from 'lucide-react';
import type { ReviewRow } from '../../../ipc/review.ts';
import { goTo } from '../../bridge/router.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { EmptyState } from '../../design/message.tsx';
import { NameText } from '../../design/path-text.tsx';
import { Screen } from '../../design/screen.tsx';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { BatchFiles } from './batch-files.tsx';
import { Decide } from './decide.tsx';
import { evidenceOf } from './evidence.ts';
import classes from './review.module.css';
import { words } from './words.ts';

export function BatchView({ batch }: { readonly batch: ReviewRow | null }) {
  const w = useWords(words);
  const back = (
    <Button variant="quiet" icon={<ArrowLeft />} onClick={() => goTo('/review')}>
      {w.back}
    </Button>
  );
  return (
    <Screen title={w.title} actions={back} width="fill">
      {batch === null ? (
        <EmptyState icon={<ShieldCheck />} title={w.gone}>
          {w.goneText}
        </EmptyState>
      ) : (
        <>
          <Evidence batch={batch} />
          <BatchFiles batch={batch} />
        </>
      )}
    </Screen>
  );
}

function Evidence({ batch }: { readonly batch: ReviewRow }) {
  const w = useWords(words);
  const formats = useFormats();
  const now = useNow(60_000);
  const { sentence, held, share, size } = evidenceOf(batch, useLanguage(), now);
  return (
    <Card title={sentence} lead={held}>
      <dl className={classes['facts']}>
        <div>
          <dt>{w.count}</dt>
          <dd>{formats.count(batch.files)}</dd>
        </div>
        <div>
          <dt>{w.share}</dt>
          <dd>{share}</dd>
        </div>
        <div>
          <dt>{w.size}</dt>
          <dd>{size}</dd>
        </div>
        <div>
          <dt>{w.who}</dt>
          <dd>
            <NameText name={batch.user} /> · <NameText name={batch.device} />
          </dd>
        </div>
        <div>
          <dt>{w.way}</dt>
          <dd>{batch.direction === 'sending' ? w.sending : w.receiving}</dd>
        </div>
      </dl>
      <Decide batch={batch} />
    </Card>
  );
}
