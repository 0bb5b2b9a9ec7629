/** One line of one column: whether it changed is said by a sign, a colour, and its changed words. */
import { useMemo } from 'react';
import { useWords } from '../../../words/language.tsx';
import { type Mark, marksOf } from './line-marks.ts';
import classes from './preview.module.css';
import type { Row } from './rows.ts';
import type { Column } from './three-columns.tsx';
import { words } from './words.ts';

type LineRow = Exclude<Row, { kind: 'folded' }>;

/** '−' what is gone from the ancestor, '+' what a side has instead. */
function signOf(row: LineRow, column: Column): '+' | '−' | '' {
  if (row.kind === 'same' || row[column] === null) return '';
  if (column === 'base') return '−';
  return row.kind === column || row.kind === 'alike' || row.kind === 'clash' ? '+' : '';
}

export function LineCell({
  row,
  column,
  hasBase,
}: {
  readonly row: LineRow;
  readonly column: Column;
  readonly hasBase: boolean;
}) {
  const w = useWords(words);
  const cell = row[column];
  const sign = signOf(row, column);
  const text = cell?.text ?? '';
  const against = hasBase
    ? column === 'base'
      ? ((row.kind === 'mine' ? row.mine : row.theirs)?.text ?? null)
      : (row.base?.text ?? null)
    : ((column === 'mine' ? row.theirs : row.mine)?.text ?? null);
  const marks = useMemo(
    () => (sign === '' || against === null ? [{ text, changed: false }] : marksOf(against, text)),
    [against, text, sign],
  );
  return (
    <td
      className={classes['cell']}
      data-sign={sign === '' ? undefined : sign === '+' ? column : 'base'}
      data-missing={cell === null || undefined}
      data-clash={(row.kind === 'clash' && sign !== '') || undefined}
      title={row.kind === 'clash' && hasBase ? w.clash : undefined}
    >
      <span className={classes['number']} aria-hidden="true">
        {cell?.number}
      </span>
      <span className={classes['sign']}>{sign}</span>
      <code className={`${classes['text']} selectable`}>
        {marks.map((mark: Mark, index) =>
          mark.changed ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line in their order
            <mark key={index}>{mark.text}</mark>
          ) : (
            mark.text
          ),
        )}
      </code>
    </td>
  );
}
