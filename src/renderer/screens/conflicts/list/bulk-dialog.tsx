/** Many at once: first exactly what will happen, then how far it is, then what came of it. */
import { useMemo, useState } from 'react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { useReplyText } from '../../../design/message.tsx';
import { PathText } from '../../../design/path-text.tsx';
import { ProgressBar } from '../../../design/progress.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { VirtualList } from '../../../design/virtual-list.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { type Choice, effectOf } from '../plan.ts';
import { words as common } from '../words.ts';
import { words } from './bulk-words.ts';
import { useEffectText } from './effect-text.ts';
import classes from './list.module.css';
import { type BulkState, undoAll, useBulk } from './use-bulk.ts';

export interface BulkJob {
  readonly keep: Choice;
  readonly rows: readonly ConflictRow[];
}

export function BulkDialog({
  job,
  onClose,
}: {
  readonly job: BulkJob;
  readonly onClose: (settled: boolean) => void;
}) {
  const { state, start, stop } = useBulk();
  switch (state.kind) {
    case 'planned':
      return <Plan job={job} onStart={(rows) => void start(rows, job.keep)} onClose={() => onClose(false)} />;
    case 'running':
      return <Running state={state} keep={job.keep} count={job.rows.length} onStop={stop} />;
    case 'over':
      return <Over state={state} onClose={() => onClose(true)} />;
  }
}

function Plan({
  job: { keep, rows },
  onStart,
  onClose,
}: {
  readonly job: BulkJob;
  readonly onStart: (rows: readonly ConflictRow[]) => void;
  readonly onClose: () => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const formats = useFormats();
  const text = useEffectText();
  const plan = useMemo(() => rows.map((row) => ({ row, effect: effectOf(row, keep) })), [rows, keep]);
  const possible = plan.filter(({ effect }) => effect.kind !== 'not').map(({ row }) => row);
  const left = plan.length - possible.length;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={w.title(keep, formats.count(rows.length), rows.length === 1)}
      lead={w.lead}
      actions={
        <>
          <Button onClick={onClose}>{c.cancel}</Button>
          <Button variant="primary" disabled={possible.length === 0} onClick={() => onStart(possible)}>
            {w.start(keep)}
          </Button>
        </>
      }
    >
      {left > 0 && <p className={classes['left']}>{w.left(formats.count(left), left === 1)}</p>}
      <div className={classes['effects']}>
        <VirtualList
          label={w.list}
          count={plan.length}
          rowHeight={56}
          maxHeight="22rem"
          keyOf={(index) => plan[index]?.row.id ?? index}
          row={(index) => {
            const step = plan[index];
            if (step === undefined) return null;
            return (
              <div className={classes['effect']}>
                <PathText path={step.row.path} />
                <p title={text(step.effect)}>{text(step.effect)}</p>
              </div>
            );
          }}
        />
      </div>
    </Dialog>
  );
}

function Running({
  state,
  keep,
  count,
  onStop,
}: {
  readonly state: Extract<BulkState, { kind: 'running' }>;
  readonly keep: Choice;
  readonly count: number;
  readonly onStop: () => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const said = w.running(formats.count(state.done), formats.count(state.total));
  return (
    <Dialog
      open
      wide
      onClose={() => undefined}
      title={w.title(keep, formats.count(count), count === 1).replace(/\?$/, '')}
      lead={said}
      actions={<Button onClick={onStop}>{w.stop}</Button>}
    >
      <ProgressBar value={state.done / state.total} label={said} />
    </Dialog>
  );
}

function Over({
  state: { settled, failed, skipped },
  onClose,
}: {
  readonly state: Extract<BulkState, { kind: 'over' }>;
  readonly onClose: () => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const formats = useFormats();
  const replyText = useReplyText();
  const { say, complain } = useToasts();
  const [busy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    const missed = await undoAll(settled);
    if (missed < settled.length) say(w.undone(formats.count(settled.length - missed)));
    if (missed > 0) complain(w.notUndone(formats.count(missed)));
    onClose();
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={w.overTitle(formats.count(settled.length), settled.length === 1)}
      lead={settled.length === 0 ? undefined : w.overLead}
      actions={
        <>
          {settled.length > 0 && (
            <Button busy={busy} onClick={() => void undo()}>
              {w.undoAll}
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            {c.close}
          </Button>
        </>
      }
    >
      {failed.length > 0 && (
        <>
          <p className={classes['left']}>{w.failed(formats.count(failed.length), failed.length === 1)}</p>
          <div className={classes['effects']}>
            <VirtualList
              label={w.failedList}
              count={failed.length}
              rowHeight={56}
              maxHeight="18rem"
              keyOf={(index) => failed[index]?.row.id ?? index}
              row={(index) => {
                const failure = failed[index];
                if (failure === undefined) return null;
                const { reply, row } = failure;
                const isNews = reply.kind === 'refused' && reply.code === 'unprocessable';
                return (
                  <div className={classes['effect']}>
                    <PathText path={row.path} />
                    <p>{isNews ? w.changed : replyText(reply)}</p>
                  </div>
                );
              }}
            />
          </div>
        </>
      )}
      {skipped > 0 && <p>{w.skipped(formats.count(skipped), skipped === 1)}</p>}
    </Dialog>
  );
}
