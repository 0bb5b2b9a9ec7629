/** What is stored and how much may be; what it means to be full is said before anybody wonders. */
import type { UsageRow } from '../../ipc/shares.ts';
import { Badge } from '../design/badge.tsx';
import { NameText } from '../design/path-text.tsx';
import { ProgressBar } from '../design/progress.tsx';
import { useFormats, useWords } from '../words/language.tsx';
import { inSentence } from '../words/visible-text.ts';
import { fullnessOf, partOf } from './fullness.ts';
import classes from './storage.module.css';
import { storageWords } from './words.ts';

export function UsageList({ rows, label }: { readonly rows: readonly UsageRow[]; readonly label: string }) {
  return (
    <ul aria-label={label} className={classes['list']}>
      {rows.map((row) => (
        <li key={row.share ?? ''}>
          <UsageLine row={row} />
        </li>
      ))}
    </ul>
  );
}

export function UsageLine({ row, isNamed = true }: { readonly row: UsageRow; readonly isNamed?: boolean }) {
  const w = useWords(storageWords);
  const name = row.kind === 'own' ? w.own : inSentence(row.name);
  const fullness = fullnessOf(row);
  const part = partOf(row);
  return (
    <div className={classes['usage']} data-fullness={fullness}>
      <div className={classes['line']}>
        {isNamed && (
          <span className={classes['name']}>{row.kind === 'own' ? w.own : <NameText name={row.name} />}</span>
        )}
        {fullness === 'near' && <Badge tone="warn">{w.near}</Badge>}
        {fullness === 'full' && <Badge tone="bad">{w.full}</Badge>}
        <Amount row={row} />
      </div>
      {part !== null && <ProgressBar value={part} label={w.bar(name)} />}
      <WhatItMeans row={row} />
    </div>
  );
}

function Amount({ row: { used, quota } }: { readonly row: UsageRow }) {
  const w = useWords(storageWords);
  const formats = useFormats();
  const text =
    used === null
      ? w.unknown
      : quota === null
        ? w.unbounded(formats.bytes(used))
        : w.of(formats.bytes(used), formats.bytes(quota));
  return <span className={classes['amount']}>{text}</span>;
}

export function WhatItMeans({ row }: { readonly row: UsageRow }) {
  const w = useWords(storageWords);
  const formats = useFormats();
  const fullness = fullnessOf(row);
  const room = formats.bytes(Math.max(0, (row.quota ?? 0) - (row.used ?? 0)));
  if (fullness === 'full') return <p className={classes['quiet']}>{w.fullText}</p>;
  if (fullness === 'near') return <p className={classes['quiet']}>{w.nearText(room)}</p>;
  return null;
}
