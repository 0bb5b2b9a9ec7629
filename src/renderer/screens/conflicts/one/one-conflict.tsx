/** One conflict: what happened, what both are made of, what is in them, and the decision. */

import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { baseName, folderOf } from '../../../../core/names/path-parts.ts';
import type { ConflictRow, ConflictShown } from '../../../../ipc/conflicts.ts';
import { goTo, routeTo } from '../../../bridge/router.ts';
import { Button, IconButton } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../../design/message.tsx';
import { PathText, visibleText } from '../../../design/path-text.tsx';
import { Screen } from '../../../design/screen.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { CauseBadge } from '../cause-badge.tsx';
import { LineageCard } from '../lineage/lineage-card.tsx';
import { nextAfter } from '../list/group.ts';
import type { Conflicts } from '../list/use-conflicts.ts';
import { ExternalCard } from '../merge/external-card.tsx';
import { MergeHere } from '../merge/merge-here.tsx';
import { Compare } from '../preview/compare.tsx';

import { words as common } from '../words.ts';
import { Decide } from './decide.tsx';
import { MoreMenu } from './more-menu.tsx';
import classes from './one.module.css';
import { Sides } from './sides.tsx';
import { Story } from './story-card.tsx';
import { useConflict } from './use-conflict.ts';
import { words } from './words.ts';

const LIST = '/conflicts';

export function OneConflict({ id }: { readonly id: string }) {
  const c = useWords(common);
  const w = useWords(words);
  const { known, open, again } = useConflict(id);
  const back = (
    <Button icon={<ArrowLeft />} onClick={() => goTo(LIST)}>
      {w.back}
    </Button>
  );
  switch (known.kind) {
    case 'loading':
      return (
        <Screen title={c.title}>
          <LoadingState rows={6} />
        </Screen>
      );
    case 'gone':
      return (
        <Screen title={c.title}>
          <EmptyState title={w.gone} actions={back} />
        </Screen>
      );
    case 'failed':
      return (
        <Screen title={c.title} actions={back}>
          <ErrorState reply={known.reply} again={again} />
        </Screen>
      );
    case 'row':
      return <Shown key={id} row={known.row} whole={null} open={open} again={again} />;
    case 'whole':
      return <Shown key={id} row={known.row} whole={known.row} open={open} again={again} />;
  }
}

interface ShownProps {
  readonly row: ConflictRow;
  readonly whole: ConflictShown | null;
  readonly open: Conflicts | null;
  readonly again: () => void;
}

function Shown({ row, whole, open, again }: ShownProps) {
  const c = useWords(common);
  const w = useWords(words);
  const [merging, setMerging] = useState(false);
  // Coming from another conflict, the button that led here is gone: reading goes on at the top.
  useEffect(() => {
    if (document.activeElement === document.body)
      document.getElementById('content')?.focus({ preventScroll: true });
  }, []);
  const next = open === null ? null : nextAfter(open.rows, row.id);
  const goOn = () => goTo(next === null ? LIST : routeTo(['conflicts', next]));
  const folder = folderOf(row.path);
  const base = whole?.base ?? null;
  return (
    <Screen
      title={visibleText(baseName(row.path))}
      lead={
        <span className={classes['lead']}>
          {folder !== '' && <PathText path={`${folder}/`} wrap />} <CauseBadge cause={row.cause} />
        </span>
      }
      actions={
        <>
          <Button variant="quiet" icon={<ArrowLeft />} onClick={() => goTo(LIST)}>
            {c.all}
          </Button>
          {open !== null && row.status === 'open' && <Steps id={row.id} open={open} />}
          <MoreMenu row={row} />
        </>
      }
    >
      {(whole === null || isBlind(whole)) && (
        <Card tone="warn" title={w.offline} actions={<Button onClick={again}>{c.tryAgain}</Button>} />
      )}
      <Story row={row} />
      <ExternalCard row={row} onSettled={goOn} />
      {merging ? (
        <MergeHere row={row} base={base} onCancel={() => setMerging(false)} onSettled={goOn} />
      ) : (
        <>
          {whole !== null && whole.lineage.length > 0 && <LineageCard shown={whole} />}
          <Sides row={row} base={base} />
          <Compare row={row} base={base} />
          <Decide
            row={row}
            offline={whole === null}
            onMerge={() => setMerging(true)}
            onLater={goOn}
            onSettled={goOn}
          />
        </>
      )}
    </Screen>
  );
}

/** The engine answers, but could not ask for any version. */
function isBlind(whole: ConflictShown): boolean {
  return whole.lineage.length === 0;
}

function Steps({ id, open }: { readonly id: string; readonly open: Conflicts }) {
  const w = useWords(words);
  const formats = useFormats();
  const at = open.rows.findIndex((row) => row.id === id);
  if (at < 0 || open.rows.length < 2) return null;
  const go = (to: number) => {
    const row = open.rows[(to + open.rows.length) % open.rows.length];
    if (row !== undefined) goTo(routeTo(['conflicts', row.id]));
  };
  return (
    <div className={classes['steps']}>
      <IconButton label={w.previous} icon={<ArrowLeft />} onClick={() => go(at - 1)} />
      <span>{w.position(formats.count(at + 1), formats.count(open.total))}</span>
      <IconButton label={w.next} icon={<ArrowRight />} onClick={() => go(at + 1)} />
    </div>
  );
}
