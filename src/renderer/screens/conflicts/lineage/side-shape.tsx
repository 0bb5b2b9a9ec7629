/** Three shapes for three sides, and one for what was deleted: told apart without colour. */
import type { Side } from './layout.ts';
import classes from './lineage.module.css';

const SHAPES: Readonly<Record<Side | 'gone', string>> = {
  // a disc, a square, a diamond, a cross in an octagon
  both: 'M10 3.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13z',
  theirs: 'M4 4h12v12H4z',
  mine: 'M10 2.2L17.8 10L10 17.8L2.2 10z',
  gone: 'M7 2.8h6L17.2 7v6L13 17.2H7L2.8 13V7zM7.2 7.2l5.6 5.6M12.8 7.2l-5.6 5.6',
};

export function SideShape({
  side,
  gone = false,
  filled = false,
}: {
  readonly side: Side;
  readonly gone?: boolean;
  readonly filled?: boolean;
}) {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden="true"
      className={classes['shape']}
      data-side={side}
      data-filled={(filled && !gone) || undefined}
    >
      <path d={SHAPES[gone ? 'gone' : side]} />
    </svg>
  );
}
