import { ChevronDown, ChevronRight } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { routeTo } from '../../../bridge/router.ts';
import { Badge } from '../../../design/badge.tsx';
import { IconButton } from '../../../design/button.tsx';
import { Checkbox } from '../../../design/fields.tsx';
import { NameText, PathText, visibleText } from '../../../design/path-text.tsx';
import { VirtualList } from '../../../design/virtual-list.tsx';
import { useWords } from '../../../words/language.tsx';
import { CauseBadge } from '../cause-badge.tsx';
import { PartsText } from '../parts-text.tsx';
import { isSameContent } from '../roles.ts';
import { briefOf } from '../story.ts';
import { useTelling } from '../use-telling.ts';
import { words as common } from '../words.ts';
import { type Group, type GroupBy, linesOf } from './group.ts';
import classes from './list.module.css';
import { words } from './words.ts';

type Chosen = ReadonlySet<string>;

function with_(chosen: Chosen, ids: readonly string[], isIn: boolean): Chosen {
  const next = new Set(chosen);
  for (const id of ids)
    if (isIn) next.add(id);
    else next.delete(id);
  return next;
}

export function Rows({
  groups,
  by,
  chosen,
  onChoose,
}: {
  readonly groups: readonly Group[];
  readonly by: GroupBy;
  readonly chosen: Chosen;
  readonly onChoose: (ids: Chosen) => void;
}) {
  const w = useWords(words);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(() => linesOf(groups, folded), [groups, folded]);
  const keyOf = useCallback(
    (index: number) => {
      const line = lines[index];
      return line === undefined ? index : line.kind === 'group' ? `group ${line.group.key}` : line.row.id;
    },
    [lines],
  );
  return (
    <VirtualList
      label={w.list}
      count={lines.length}
      rowHeight={60}
      keyOf={keyOf}
      row={(index) => {
        const line = lines[index];
        if (line === undefined) return null;
        return line.kind === 'group' ? (
          <GroupRow
            group={line.group}
            by={by}
            chosen={chosen}
            onChoose={onChoose}
            isFolded={folded.has(line.group.key)}
            onFold={(isFolded) => setFolded(with_(folded, [line.group.key], isFolded))}
          />
        ) : (
          <OneRow
            row={line.row}
            by={by}
            isChosen={chosen.has(line.row.id)}
            onChoose={(isIn) => onChoose(with_(chosen, [line.row.id], isIn))}
          />
        );
      }}
    />
  );
}

function GroupRow({
  group,
  by,
  chosen,
  onChoose,
  isFolded,
  onFold,
}: {
  readonly group: Group;
  readonly by: GroupBy;
  readonly chosen: Chosen;
  readonly onChoose: (ids: Chosen) => void;
  readonly isFolded: boolean;
  readonly onFold: (isFolded: boolean) => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const { formats } = useTelling();
  const ids = group.rows.map((row) => row.id);
  const count = ids.filter((id) => chosen.has(id)).length;
  const [first] = group.rows;
  const name =
    by === 'cause' && first !== undefined ? c.cause(first.cause) : group.key === '' ? w.root : group.key;
  return (
    <div className={classes['group']}>
      <Checkbox
        label=""
        name={w.selectAll(visibleText(name))}
        checked={count === ids.length}
        mixed={count > 0 && count < ids.length}
        onChange={(isIn) => onChoose(with_(chosen, ids, isIn))}
      />
      <h2 className={classes['groupName']}>
        {by === 'folder' && group.key !== '' ? <PathText path={name} /> : <NameText name={name} />}
      </h2>
      <Badge>{formats.count(ids.length)}</Badge>
      <IconButton
        size="small"
        label={isFolded ? w.unfold(visibleText(name)) : w.fold(visibleText(name))}
        aria-expanded={!isFolded}
        icon={isFolded ? <ChevronRight /> : <ChevronDown />}
        onClick={() => onFold(!isFolded)}
      />
    </div>
  );
}

function OneRow({
  row,
  by,
  isChosen,
  onChoose,
}: {
  readonly row: ConflictRow;
  readonly by: GroupBy;
  readonly isChosen: boolean;
  readonly onChoose: (isIn: boolean) => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const telling = useTelling();
  return (
    <div className={classes['row']}>
      <Checkbox label="" name={w.select(visibleText(row.path))} checked={isChosen} onChange={onChoose} />
      <a className={classes['link']} href={`#${routeTo(['conflicts', row.id])}`}>
        <span className={classes['what']}>
          <PathText path={row.path} />
          <span className={classes['brief']}>
            <PartsText parts={briefOf(row, telling)} />
          </span>
        </span>
        <span className={classes['facts']}>
          {isSameContent(row) && <Badge tone="ok">{c.sameContent}</Badge>}
          {by !== 'cause' && <CauseBadge cause={row.cause} />}
          <time dateTime={new Date(row.at).toISOString()}>{telling.formats.ago(row.at, telling.now)}</time>
        </span>
        <ChevronRight aria-hidden="true" />
      </a>
    </div>
  );
}
