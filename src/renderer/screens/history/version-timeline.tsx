/** Versions, newest first, along a line. However many: only what is seen exists. */
import type { VersionRow } from '../../../ipc/shapes.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Badge } from '../../design/badge.tsx';
import { classNames } from '../../design/class-names.ts';
import { NameText } from '../../design/path-text.tsx';
import { VirtualList } from '../../design/virtual-list.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './history.module.css';
import { words } from './words.ts';

const ROW = 68;

export function VersionTimeline({
  versions,
  chosen,
  onChoose,
}: {
  readonly versions: readonly VersionRow[];
  readonly chosen: string;
  readonly onChoose: (row: VersionRow) => void;
}) {
  const w = useWords(words);
  return (
    <div className={classes['timeline']}>
      <VirtualList
        label={w.versions}
        count={versions.length}
        rowHeight={ROW}
        keyOf={(index) => versions[index]?.version ?? index}
        maxHeight="var(--timeline)"
        row={(index) => {
          const version = versions[index];
          return version === undefined ? null : (
            <TimelineRow
              version={version}
              isChosen={version.version === chosen}
              onChoose={() => onChoose(version)}
            />
          );
        }}
      />
    </div>
  );
}

function TimelineRow({
  version,
  isChosen,
  onChoose,
}: {
  readonly version: VersionRow;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const now = useNow(60_000);
  return (
    <button
      type="button"
      className={classNames(classes['version'], isChosen && classes['chosen'])}
      aria-pressed={isChosen}
      onClick={onChoose}
    >
      <span className={classNames(classes['dot'], version.current && classes['dotNow'])} aria-hidden="true" />
      <span className={classes['versionText']}>
        <span className={classes['versionLine']}>
          <strong>{w.version(formats.count(version.number))}</strong>
          <span>{w.reason(version.reason)}</span>
          {version.current && <Badge tone={isChosen ? 'plain' : 'accent'}>{w.current}</Badge>}
          {version.label && <Badge tone="info">{inSentence(version.label.name)}</Badge>}
        </span>
        <span className={classes['versionWho']}>
          <NameText name={version.user} /> · <NameText name={version.device} />
        </span>
      </span>
      <span className={classes['versionWhen']}>
        <span>{formats.shortMoment(version.at, now)}</span>
        <span className={classes['quiet']}>{formats.bytes(version.size)}</span>
      </span>
    </button>
  );
}
