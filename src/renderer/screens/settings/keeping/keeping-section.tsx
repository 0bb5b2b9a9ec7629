import { useState } from 'react';
import { useEngine } from '../../../bridge/use-engine.ts';
import { Card } from '../../../design/card.tsx';
import { Select } from '../../../design/fields.tsx';
import { ErrorState, LoadingState } from '../../../design/message.tsx';
import { useWords } from '../../../words/language.tsx';
import { inSentence } from '../../../words/visible-text.ts';
import classes from '../settings.module.css';
import { HoldsCard } from './holds-card.tsx';
import { SpansCard } from './spans-card.tsx';
import { words } from './words.ts';

/** Each space has its own: one's files, and every share that stands on this computer. */
export function KeepingSection() {
  const w = useWords(words);
  const [path, setPath] = useState('');
  const shares = (useEngine('shares.list', {}).value?.shares ?? []).filter(
    (each) => each.standing === 'member' && each.path !== null && each.state !== null,
  );
  const { value, reply, again } = useEngine('retention.get', { path });
  const mayChange = path === '' || shares.find((each) => each.path === path)?.role === 'owner';
  const choices = shares.flatMap((each) =>
    each.path === null ? [] : [{ value: each.path, label: inSentence(each.name) }],
  );
  return (
    <>
      {choices.length > 0 && (
        <div className={classes['short']}>
          <Select
            label={w.space}
            value={path}
            choices={[{ value: '', label: w.own }, ...choices]}
            onChange={setPath}
          />
        </div>
      )}
      {value !== null ? (
        <>
          <SpansCard
            key={`${path} ${JSON.stringify(value.spans)}`}
            path={path}
            kept={value}
            mayChange={mayChange}
          />
          <HoldsCard path={path} kept={value} mayChange={mayChange} />
        </>
      ) : (
        <Card title={w.title}>
          {reply.kind === 'loading' || reply.kind === 'ok' ? (
            <LoadingState rows={4} />
          ) : (
            <ErrorState reply={reply} again={again} />
          )}
        </Card>
      )}
    </>
  );
}
