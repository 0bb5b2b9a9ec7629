/** A list of any length: only what is seen exists, and pages are asked for as they come into view. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './virtual-list.module.css';

interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  readonly keyOf: (index: number) => string | number;
  readonly row: (index: number) => ReactNode;
  /** Called with the last index that is seen: ask for more when it nears what is known. */
  readonly onSeen?: (last: number) => void;
  /** CSS length; without it the list fills its parent. */
  readonly maxHeight?: string;
}

export function VirtualList({ label, count, rowHeight, keyOf, row, onSeen, maxHeight }: VirtualListProps) {
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: keyOf,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= 0) onSeen?.(last);
  }, [last, onSeen]);
  const height = maxHeight === undefined ? '100%' : `min(${maxHeight}, ${rows.getTotalSize()}px)`;
  return (
    <section
      ref={scroller}
      className={classes['scroller']}
      style={{ height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      <ul className={classes['list']} style={{ height: rows.getTotalSize() }} aria-label={label}>
        {items.map((item) => (
          <li
            key={item.key}
            className={classes['row']}
            style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            aria-setsize={count}
            aria-posinset={item.index + 1}
          >
            {row(item.index)}
          </li>
        ))}
      </ul>
    </section>
  );
}
