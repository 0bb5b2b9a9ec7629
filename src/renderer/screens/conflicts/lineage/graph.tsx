/** The drawing: lines behind, and each version a button that can be walked to with the arrow keys. */
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { Badge } from '../../../design/badge.tsx';
import { NameText } from '../../../design/path-text.tsx';
import { useWords } from '../../../words/language.tsx';
import { useTelling } from '../use-telling.ts';
import { words as common } from '../words.ts';
import type { Entry } from './entries.ts';
import { edgePath, isStep, layoutOf, type Placed, stepFrom } from './layout.ts';
import classes from './lineage.module.css';
import type { Told } from './lineage-card.tsx';
import { SideShape } from './side-shape.tsx';
import { words } from './words.ts';

/** In rem, so that it grows with the text. */
const COLUMN = 10.5;
const LANE = 5.25;
const INSET = 1;
const UNIT = 16;

const center = ({ column, lane }: Placed): readonly [number, number] => [
  (column * COLUMN + INSET) * UNIT,
  (lane * LANE + INSET) * UNIT,
];

export function Graph({
  entries,
  told,
  onShow,
}: {
  readonly entries: readonly Entry[];
  readonly told: (entry: Entry) => Told;
  readonly onShow: (entry: Entry) => void;
}) {
  const w = useWords(words);
  const layout = useMemo(() => layoutOf(entries), [entries]);
  const byId = useMemo(() => new Map(entries.map((entry) => [entry.id, entry])), [entries]);
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const [wanted, setWanted] = useState<string | null>(null);
  // The one that Tab leads to; one that is gone gives way to the first.
  const active = wanted !== null && byId.has(wanted) ? wanted : layout.nodes[0]?.id;
  const onKeyDown = (event: KeyboardEvent) => {
    if (active === undefined || !isStep(event.key)) return;
    event.preventDefault();
    const next = stepFrom(layout, active, event.key);
    if (next === null) return;
    setWanted(next);
    buttons.current.get(next)?.focus();
  };
  const width = ((layout.columns - 1) * COLUMN + INSET * 2) * UNIT;
  const height = ((layout.lanes - 1) * LANE + INSET * 2) * UNIT;
  return (
    <div className={classes['scroller']}>
      <div
        role="toolbar"
        aria-label={w.title}
        aria-orientation="horizontal"
        className={classes['graph']}
        style={{
          width: `${layout.columns * COLUMN}rem`,
          height: `${(layout.lanes - 1) * LANE + INSET + 4.25}rem`,
        }}
        onKeyDown={onKeyDown}
      >
        <svg
          aria-hidden="true"
          className={classes['edges']}
          viewBox={`0 0 ${width} ${height}`}
          style={{ width: `${width / UNIT}rem`, height: `${height / UNIT}rem` }}
        >
          {layout.edges.map(({ from, to }) => {
            const { trunk, branch } = edgePath(center(from), center(to));
            return (
              <g key={to.id}>
                {trunk !== '' && <path d={trunk} data-side={from.side} />}
                <path d={branch} data-side={to.side} />
              </g>
            );
          })}
        </svg>
        {layout.nodes.map((node) => {
          const entry = byId.get(node.id);
          if (entry === undefined) return null;
          return (
            <button
              key={node.id}
              type="button"
              ref={(element) => {
                if (element === null) buttons.current.delete(node.id);
                else buttons.current.set(node.id, element);
              }}
              className={classes['version']}
              data-side={node.side}
              style={{ left: `${node.column * COLUMN}rem`, top: `${node.lane * LANE}rem` }}
              tabIndex={node.id === active ? 0 : -1}
              aria-disabled={entry.version === null || undefined}
              onFocus={() => setWanted(node.id)}
              onClick={() => entry.version !== null && onShow(entry)}
            >
              <VersionLabel entry={entry} told={told(entry)} />
            </button>
          );
        })}
      </div>
    </div>
  );
}

function VersionLabel({ entry, told }: { readonly entry: Entry; readonly told: Told }) {
  const c = useWords(common);
  const w = useWords(words);
  const { formats, now } = useTelling();
  const { version, by, side } = entry;
  return (
    <>
      <SideShape side={side} gone={version === null} filled={version?.current === true} />
      <span className={classes['caption']}>
        <span className="visually-hidden">{told.side}: </span>
        <span className={classes['number']}>
          {version === null ? w.gone : c.version(formats.count(version.number))}
          {version?.current === true && side !== 'both' && <Badge tone={side}>{w.current}</Badge>}
        </span>
        <span className={classes['who']}>
          <NameText name={`${by.user}, ${by.device}`} />
        </span>
        <span className={classes['when']}>{formats.shortMoment(by.at, now)}</span>
        {told.made !== '' && <span className="visually-hidden">, {told.made}</span>}
      </span>
    </>
  );
}
