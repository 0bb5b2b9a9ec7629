/** First the plan, then the act: refused as a whole while anything below is not safe on the server. */
import type { FolderRemoveResult, FolderRow } from '../../../../ipc/selection.ts';
import { useCommand, useEngine } from '../../../bridge/use-engine.ts';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { ErrorState, useReplyText } from '../../../design/message.tsx';
import { PathText } from '../../../design/path-text.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { inSentence } from '../../../words/visible-text.ts';
import classes from './folder-tree.module.css';
import { words } from './words.ts';

export function RemoveDialog({ row, onClose }: { readonly row: FolderRow; readonly onClose: () => void }) {
  const w = useWords(words);
  const plan = useEngine('folders.remove', { path: row.path, dryRun: true });
  const { busy, remove } = useRemove(row, onClose);
  const name = inSentence(row.name);
  const possible = plan.value !== null && plan.value.blockedTotal === 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.removeTitle(name)}
      wide={plan.value !== null && !possible}
      actions={
        <>
          <Button onClick={onClose}>{plan.value !== null && !possible ? w.close : w.cancel}</Button>
          {(plan.value === null || possible) && (
            <Button variant="primary" busy={busy} disabled={!possible} onClick={() => void remove()}>
              {w.confirm}
            </Button>
          )}
        </>
      }
    >
      {plan.value !== null ? (
        <Plan plan={plan.value} />
      ) : plan.reply.kind === 'loading' || plan.reply.kind === 'ok' ? (
        <p role="status">{w.looking}</p>
      ) : (
        <ErrorState reply={plan.reply} again={plan.again} />
      )}
    </Dialog>
  );
}

function useRemove(row: FolderRow, onClose: () => void) {
  const w = useWords(words);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('folders.remove');
  const bring = useCommand('folders.bring');
  const name = inSentence(row.name);
  const undo = async () => {
    const reply = await bring.run({ path: row.path });
    if (reply.kind !== 'ok') return complain(text(reply));
    const { files } = reply.value;
    say(w.brought(name, w.files(formats.count(files), files === 1)));
  };
  const remove = async () => {
    const reply = await run({ path: row.path, dryRun: false });
    if (reply.kind !== 'ok') return complain(text(reply));
    // Something came up since the plan: the dialog asks again by itself and shows it.
    if (!reply.value.removed) return;
    onClose();
    say(w.removed(name), () => void undo());
  };
  return { busy, remove };
}

function Plan({ plan }: { readonly plan: FolderRemoveResult }) {
  const w = useWords(words);
  const formats = useFormats();
  const { blocked, blockedTotal, files, bytes } = plan;
  if (blockedTotal === 0) {
    return (
      <>
        <p>{w.plan(w.files(formats.count(files), files === 1), formats.bytes(bytes))}</p>
        <p className={classes['about']}>{w.planRest}</p>
      </>
    );
  }
  return (
    <>
      <p>{w.blockedTitle(formats.count(blockedTotal), blockedTotal === 1)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes['blocked']} tabIndex={0} aria-label={w.blockedList}>
        <ul>
          {blocked.map(({ path, why }) => (
            <li key={path}>
              <PathText path={path} wrap />
              <span className={classes['about']}>{w.blocked(why)}</span>
            </li>
          ))}
          {blockedTotal > blocked.length && (
            <li className={classes['about']}>{w.andMore(formats.count(blockedTotal - blocked.length))}</li>
          )}
        </ul>
      </section>
    </>
  );
}
