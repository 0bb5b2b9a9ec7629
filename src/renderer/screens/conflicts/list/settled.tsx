/** What was settled lately, here or elsewhere, for as long as it can be undone. */
import { Undo2 } from 'lucide-react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { routeTo } from '../../../bridge/router.ts';
import { Badge } from '../../../design/badge.tsx';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../../design/message.tsx';
import { PathText, visibleText } from '../../../design/path-text.tsx';
import { VirtualList } from '../../../design/virtual-list.tsx';
import { useWords } from '../../../words/language.tsx';
import { quoted, useUndo } from '../use-settle.ts';
import { useTelling } from '../use-telling.ts';
import classes from './list.module.css';
import { useConflicts } from './use-conflicts.ts';
import { words } from './words.ts';

export function Settled() {
  const w = useWords(words);
  const { conflicts, failed, again } = useConflicts('resolved');
  if (conflicts === null)
    return failed === null ? <LoadingState /> : <ErrorState reply={failed} again={again} />;
  const { rows } = conflicts;
  if (rows.length === 0)
    return (
      <EmptyState icon={<Undo2 />} title={w.settledEmptyTitle}>
        {w.settledEmpty}
      </EmptyState>
    );
  return (
    <div className={classes['open']}>
      <Card flush>
        <div className={classes['rows']}>
          <VirtualList
            label={w.settled}
            count={rows.length}
            rowHeight={60}
            keyOf={(index) => rows[index]?.id ?? index}
            row={(index) => {
              const row = rows[index];
              return row === undefined ? null : <SettledRow row={row} />;
            }}
          />
        </div>
      </Card>
    </div>
  );
}

function SettledRow({ row }: { readonly row: ConflictRow }) {
  const w = useWords(words);
  const { formats, now } = useTelling();
  const { busy, undo } = useUndo();
  const { resolution } = row;
  return (
    <div className={classes['settledRow']}>
      <a className={classes['link']} href={`#${routeTo(['conflicts', row.id])}`}>
        <span className={classes['what']}>
          <PathText path={row.path} />
          {resolution !== null && (
            <span className={classes['brief']}>
              {w.by(quoted(resolution.user), quoted(resolution.device), formats.ago(resolution.at, now))}
            </span>
          )}
        </span>
        {resolution !== null && <Badge>{w.kept(resolution.keep)}</Badge>}
      </a>
      {resolution?.undoable === true && (
        <Button
          size="small"
          icon={<Undo2 />}
          busy={busy}
          aria-label={w.undoLabel(visibleText(row.path))}
          onClick={() => void undo(row)}
        >
          {w.undo}
        </Button>
      )}
    </div>
  );
}
