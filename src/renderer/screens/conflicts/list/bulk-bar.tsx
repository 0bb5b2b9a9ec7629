/** What can be done with many at once; nothing is done before its dry run was seen. */
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { Button } from '../../../design/button.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import type { Choice } from '../plan.ts';
import { isSameContent } from '../roles.ts';
import classes from './list.module.css';
import { words } from './words.ts';

export function BulkBar({
  rows,
  selected,
  onSelect,
  onKeep,
}: {
  readonly rows: readonly ConflictRow[];
  readonly selected: readonly ConflictRow[];
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  readonly onKeep: (keep: Choice) => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const same = rows.filter(isSameContent);
  const none = selected.length === 0;
  return (
    <div className={classes['bulk']}>
      <p role="status" className={none ? 'visually-hidden' : classes['selected']}>
        {w.selected(formats.count(selected.length))}
      </p>
      <div className={classes['bulkActions']}>
        <Button disabled={none} onClick={() => onKeep('theirs')}>
          {w.keepTheirs}
        </Button>
        <Button disabled={none} onClick={() => onKeep('mine')}>
          {w.keepMine}
        </Button>
        <Button disabled={none} onClick={() => onKeep('both')}>
          {w.keepBoth}
        </Button>
        {!none && (
          <Button variant="quiet" onClick={() => onSelect(new Set())}>
            {w.clear}
          </Button>
        )}
        {none && same.length > 0 && (
          <Button variant="quiet" onClick={() => onSelect(new Set(same.map((row) => row.id)))}>
            {w.selectSame(formats.count(same.length), same.length === 1)}
          </Button>
        )}
      </div>
    </div>
  );
}
