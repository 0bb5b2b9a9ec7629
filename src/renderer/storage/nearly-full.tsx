/** Said where everything starts, before a file has to wait. */
import { goTo } from '../bridge/router.ts';
import { Button } from '../design/button.tsx';
import { Card } from '../design/card.tsx';
import { useWords } from '../words/language.tsx';
import { inSentence } from '../words/visible-text.ts';
import { fullnessOf, pressing } from './fullness.ts';
import { WhatItMeans } from './usage-list.tsx';
import { useUsage } from './use-usage.ts';
import { storageWords } from './words.ts';

export function NearlyFull() {
  const w = useWords(storageWords);
  const rows = pressing(useUsage().value?.namespaces ?? []);
  return rows.map((row) => {
    const name = row.kind === 'own' ? w.own : inSentence(row.name);
    const isFull = fullnessOf(row) === 'full';
    return (
      <Card
        key={row.share ?? ''}
        tone={isFull ? 'bad' : 'warn'}
        title={isFull ? w.fullTitle(name) : w.nearTitle(name)}
        actions={
          <Button size="small" onClick={() => goTo('/settings/account')}>
            {w.see}
          </Button>
        }
      >
        <WhatItMeans row={row} />
      </Card>
    );
  });
}
