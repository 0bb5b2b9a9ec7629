/** A pager on screen: asks for what comes into view, and shows quiet bars for what is on its way. */
import { type ReactNode, useCallback } from 'react';
import { VirtualList } from '../design/virtual-list.tsx';
import classes from './paged-list.module.css';
import type { Pager } from './pager.ts';

/** Rows asked for around those that are seen. */
const BEFORE = 80;
const BEHIND = 40;

export function PagedList<Row>({
  pager,
  label,
  rowHeight,
  keyOf,
  row,
  maxHeight,
}: {
  readonly pager: Pager<Row>;
  readonly label: string;
  readonly rowHeight: number;
  readonly keyOf: (row: Row) => string;
  readonly row: (row: Row) => ReactNode;
  readonly maxHeight?: string;
}) {
  const onSeen = useCallback(
    (last: number) => void pager.want(Math.max(0, last - BEFORE), last + BEHIND),
    [pager],
  );
  return (
    <VirtualList
      label={label}
      // One more than is known: to see it is to ask for the next page.
      count={pager.complete ? pager.count : Math.max(pager.count, pager.known + 1)}
      rowHeight={rowHeight}
      keyOf={(index) => {
        const known = pager.rowAt(index);
        return known === undefined ? `at ${index}` : keyOf(known);
      }}
      onSeen={onSeen}
      {...(maxHeight === undefined ? {} : { maxHeight })}
      row={(index) => {
        const known = pager.rowAt(index);
        return known === undefined ? <div className={classes['coming']} aria-hidden="true" /> : row(known);
      }}
    />
  );
}
