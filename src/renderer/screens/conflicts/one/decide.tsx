/** The decision: always in reach, each way with what it does. */
import { Clock, Copy, Merge } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ConflictRow, ConflictSide } from '../../../../ipc/conflicts.ts';
import { Button } from '../../../design/button.tsx';
import { kindOfFile } from '../../../previews/kind-of-file.ts';
import { useWords } from '../../../words/language.tsx';
import { SideShape } from '../lineage/side-shape.tsx';
import { MERGE_LIMIT } from '../merge/limits.ts';
import { canMerge, type Effect, effectOf, isPossible } from '../plan.ts';
import { namingOf } from '../roles.ts';
import { quoted, useSettle } from '../use-settle.ts';
import { useReader } from '../use-telling.ts';
import { BothDialog } from './both-dialog.tsx';
import classes from './one.module.css';
import { words } from './words.ts';

interface DecideProps {
  readonly row: ConflictRow;
  /** Deciding is a matter of the server. */
  readonly offline: boolean;
  readonly onMerge: () => void;
  readonly onLater: () => void;
  readonly onSettled: () => void;
}

export function Decide({ row, offline, onMerge, onLater, onSettled }: DecideProps) {
  const w = useWords(words);
  const { busy: settling, settle } = useSettle();
  const busy = settling || offline;
  const [naming, setNaming] = useState(false);
  if (row.status !== 'open') return null;
  const keep = async (which: 'mine' | 'theirs') => {
    if (await settle(row, { keep: which })) onSettled();
  };
  const keepBoth = async (copyName: string | undefined) => {
    const isSettled = await settle(row, {
      keep: 'both',
      ...(copyName === undefined ? {} : { copyName }),
    });
    setNaming(false);
    if (isSettled) onSettled();
  };
  return (
    <section className={classes['decide']} aria-label={w.decide} data-bottom-bar="">
      <div className={classes['ways']}>
        {(['theirs', 'mine'] as const).map((which) =>
          isPossible(row, which) ? (
            <KeepButton key={which} row={row} which={which} busy={busy} onClick={() => void keep(which)} />
          ) : null,
        )}
        {isPossible(row, 'both') && (
          <Way
            icon={<Copy />}
            title={w.keepBoth}
            hint={w.besides}
            busy={busy}
            onClick={() => setNaming(true)}
          />
        )}
        {canMerge(row) && isMergeable(row) && (
          <Way icon={<Merge />} title={w.merge} hint={w.mergeHint} busy={busy} onClick={onMerge} />
        )}
      </div>
      <div className={classes['last']}>
        <p className={classes['safe']}>{offline ? w.needsServer : w.safe}</p>
        <Button variant="quiet" size="small" icon={<Clock />} onClick={onLater}>
          {w.later}
        </Button>
      </div>
      {naming && (
        <BothDialog
          row={row}
          busy={busy}
          onKeep={(name) => void keepBoth(name)}
          onClose={() => setNaming(false)}
        />
      )}
    </section>
  );
}

function isMergeable(row: ConflictRow): boolean {
  return (
    kindOfFile(row.path) === 'other' &&
    (row.mine.size ?? 0) <= MERGE_LIMIT &&
    (row.theirs.size ?? 0) <= MERGE_LIMIT
  );
}

interface WayProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint: string;
  readonly busy: boolean;
  readonly onClick: () => void;
}

function Way({ icon, title, hint, busy, onClick }: WayProps) {
  return (
    <button type="button" className={classes['way']} disabled={busy} onClick={onClick}>
      <span className={classes['wayIcon']} aria-hidden="true">
        {icon}
      </span>
      <span className={classes['wayText']}>
        <span className={classes['wayTitle']}>{title}</span>
        <span className={classes['wayHint']}>{hint}</span>
      </span>
    </button>
  );
}

function KeepButton({
  row,
  which,
  busy,
  onClick,
}: {
  readonly row: ConflictRow;
  readonly which: 'mine' | 'theirs';
  readonly busy: boolean;
  readonly onClick: () => void;
}) {
  const w = useWords(words);
  const side = row[which];
  const other = row[which === 'mine' ? 'theirs' : 'mine'];
  const naming = namingOf(row, useReader());
  const title = (effect: Effect, of: ConflictSide) => {
    if (effect.kind === 'deleted') return w.deleteFile;
    if (other.kind === 'deleted') return w.keepFile;
    if (naming === 'places') return of.role === 'original' ? w.keepOriginal : w.keepCopy;
    return which === 'mine' ? w.keepMine : w.keepTheirs;
  };
  const hint = (effect: Effect) => {
    if (effect.kind === 'deleted') return w.deletedBy(quoted(side.user));
    if (other.kind === 'deleted') return w.theDeletion;
    return effect.kind === 'takes' ? w.newOnTop(quoted(side.device)) : w.asItIs(quoted(side.device));
  };
  const effect = effectOf(row, which);
  return (
    <Way
      icon={<SideShape side={which} />}
      title={title(effect, side)}
      hint={hint(effect)}
      busy={busy}
      onClick={onClick}
    />
  );
}
