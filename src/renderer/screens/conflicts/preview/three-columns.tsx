/** Ancestor, theirs and mine in three columns: lines that belong together stand beside each other. Virtual. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, UnfoldVertical } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { Badge } from '../../../design/badge.tsx';
import { IconButton } from '../../../design/button.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { SideShape } from '../lineage/side-shape.tsx';
import { lineEnd } from '../merge/encode.ts';
import { LineCell } from './line-cell.tsx';
import classes from './preview.module.css';
import { changeStarts, type Row, rowsOf } from './rows.ts';
import type { Labels } from './text-compare.tsx';
import { type Counts, countsOf, stretchesOf, stretchesOfTwo } from './three-way.ts';
import { words } from './words.ts';

interface ThreeTexts {
  readonly base: string | null;
  readonly theirs: string;
  readonly mine: string;
}
export type Column = 'base' | 'theirs' | 'mine';

function useLines(texts: ThreeTexts) {
  return useMemo(() => {
    const end = lineEnd([texts.base ?? '', texts.theirs, texts.mine]);
    const base = texts.base?.split(end) ?? null;
    const theirs = texts.theirs.split(end);
    const mine = texts.mine.split(end);
    const stretches = base === null ? stretchesOfTwo(theirs, mine) : stretchesOf(base, theirs, mine);
    return {
      stretches,
      columns: (base === null ? ['theirs', 'mine'] : ['base', 'theirs', 'mine']) as readonly Column[],
      counts: {
        base: null,
        theirs: base === null ? null : countsOf(base, theirs),
        mine: base === null ? null : countsOf(base, mine),
      },
    };
  }, [texts.base, texts.theirs, texts.mine]);
}

export function ThreeColumns({ texts, labels }: { readonly texts: ThreeTexts; readonly labels: Labels }) {
  const w = useWords(words);
  const formats = useFormats();
  const { stretches, columns, counts } = useLines(texts);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const rows = useMemo(() => rowsOf(stretches, open), [stretches, open]);
  const starts = useMemo(() => changeStarts(rows), [rows]);
  const [at, setAt] = useState(0);
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 22,
    overscan: 12,
  });
  const go = (to: number) => {
    const start = starts[to];
    if (start === undefined) return;
    setAt(to);
    virtual.scrollToIndex(Math.max(0, start - 2), { align: 'start' });
  };
  const clashes = stretches.filter((each) => each.kind === 'clash').length;
  return (
    <div className={classes['columns']} data-columns={columns.length}>
      <div className={classes['bar']}>
        <p role="status">
          {starts.length === 0
            ? w.noChanges
            : w.changes(formats.count(starts.length), formats.count(clashes))}
        </p>
        {starts.length > 0 && (
          <div className={classes['steps']}>
            <IconButton
              size="small"
              label={w.previous}
              icon={<ArrowUp />}
              disabled={at === 0}
              onClick={() => go(at - 1)}
            />
            <span>{w.at(formats.count(at + 1), formats.count(starts.length))}</span>
            <IconButton
              size="small"
              label={w.next}
              icon={<ArrowDown />}
              disabled={at >= starts.length - 1}
              onClick={() => go(at + 1)}
            />
          </div>
        )}
      </div>
      <section
        ref={scroller}
        className={classes['scroller']}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={w.table}
      >
        <table aria-label={w.table} aria-rowcount={rows.length + 1} className={classes['table']}>
          <Heads columns={columns} labels={labels} counts={counts} />
          <tbody className={classes['lines']} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index];
              return row === undefined ? null : (
                <tr
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  aria-rowindex={item.index + 2}
                  className={classes['line']}
                  data-kind={row.kind}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <Cells row={row} columns={columns} onOpen={(id) => setOpen(new Set([...open, id]))} />
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Heads({
  columns,
  labels,
  counts,
}: {
  readonly columns: readonly Column[];
  readonly labels: Labels;
  readonly counts: Readonly<Record<Column, Counts | null>>;
}) {
  const w = useWords(words);
  const formats = useFormats();
  return (
    <thead className={classes['heads']}>
      <tr className={classes['line']} aria-rowindex={1}>
        {columns.map((column) => {
          const count = counts[column];
          return (
            <th key={column} scope="col" className={classes['head']}>
              <SideShape side={column === 'base' ? 'both' : column} />
              {labels[column].title}
              {count !== null && (
                <Badge tone={labels[column].tone}>
                  <span aria-hidden="true">
                    {w.lines(formats.count(count.added), formats.count(count.removed))}
                  </span>
                  <span className="visually-hidden">
                    {w.linesSaid(formats.count(count.added), formats.count(count.removed))}
                  </span>
                </Badge>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function Cells({
  row,
  columns,
  onOpen,
}: {
  readonly row: Row;
  readonly columns: readonly Column[];
  readonly onOpen: (id: number) => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  if (row.kind !== 'folded')
    return columns.map((column) => (
      <LineCell key={column} row={row} column={column} hasBase={columns.length === 3} />
    ));
  return (
    <td colSpan={columns.length} className={classes['folded']}>
      <button type="button" onClick={() => onOpen(row.id)}>
        <UnfoldVertical aria-hidden="true" />
        {w.folded(formats.count(row.lines))}
      </button>
    </td>
  );
}
