/** The same as the graph, said in order: oldest first, each with what it was made of. */
import type { ConflictShown } from '../../../../ipc/conflicts.ts';
import { Badge } from '../../../design/badge.tsx';
import { NameText } from '../../../design/path-text.tsx';
import { useWords } from '../../../words/language.tsx';
import { useSideLabels } from '../one/labels.ts';
import { useTelling } from '../use-telling.ts';
import { words as common } from '../words.ts';
import type { Entry } from './entries.ts';
import classes from './lineage.module.css';
import { SideShape } from './side-shape.tsx';
import { words } from './words.ts';

export function LineageList({
  entries,
  shown,
  onShow,
}: {
  readonly entries: readonly Entry[];
  readonly shown: ConflictShown;
  readonly onShow: (entry: Entry) => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const labels = useSideLabels(shown);
  const { formats, now } = useTelling();
  return (
    <ol className={classes['list']}>
      {entries.map((entry) => {
        const { version, by, side } = entry;
        const base = entries.find((each) => each.id === entry.base)?.version ?? null;
        const label = side === 'both' ? labels.base : labels[side];
        const title = version === null ? w.gone : c.version(formats.count(version.number));
        return (
          <li key={entry.id}>
            <SideShape side={side} gone={version === null} filled={version?.current === true} />
            <Badge tone={label.tone}>{label.title}</Badge>
            {version === null ? (
              <strong>{title}</strong>
            ) : (
              <button type="button" className={classes['open']} onClick={() => onShow(entry)}>
                {title}
              </button>
            )}
            <span className={classes['listText']}>
              {version !== null && `${w.reason(version.reason)}, `}
              <NameText name={by.user} />, <NameText name={by.device} />, {formats.shortMoment(by.at, now)}
              {version !== null && `, ${formats.bytes(version.size)}`}
              {base !== null && `, ${w.madeOf(c.version(formats.count(base.number)))}`}
              {version?.current === true && `, ${w.current}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
