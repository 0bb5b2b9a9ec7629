/** Folders as the server has them: nested lists, each level asked for when it is opened. */
import { ChevronRight, Cloud, CloudDownload, Folder, FolderMinus } from 'lucide-react';
import { useId, useState } from 'react';
import type { FolderRow } from '../../../../ipc/selection.ts';
import { useCommand, useEngine } from '../../../bridge/use-engine.ts';
import { Badge } from '../../../design/badge.tsx';
import { Button } from '../../../design/button.tsx';
import { classNames } from '../../../design/class-names.ts';
import { ErrorState, LoadingState, useReplyText } from '../../../design/message.tsx';
import { NameText } from '../../../design/path-text.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { inSentence } from '../../../words/visible-text.ts';
import classes from './folder-tree.module.css';
import { RemoveDialog } from './remove-dialog.tsx';
import { words } from './words.ts';

/** More folders than this in one place are shown when asked for. */
const STEP = 100;

export function FolderTree({ folder }: { readonly folder: string }) {
  const w = useWords(words);
  const formats = useFormats();
  const { value, reply, again } = useEngine('folders.list', { folder });
  const [shown, setShown] = useState(STEP);
  if (value === null) {
    return reply.kind === 'loading' || reply.kind === 'ok' ? (
      <LoadingState rows={folder === '' ? 4 : 1} />
    ) : (
      <ErrorState reply={reply} again={again} />
    );
  }
  const rest = value.folders.length - shown;
  if (value.folders.length === 0) return <p className={classes['empty']}>{w.empty}</p>;
  return (
    <>
      <ul className={classes['level']} aria-label={folder === '' ? w.tree : undefined}>
        {value.folders.slice(0, shown).map((row) => (
          <li key={row.node}>
            <FolderLine row={row} />
          </li>
        ))}
      </ul>
      {rest > 0 && (
        <Button size="small" variant="quiet" onClick={() => setShown(shown + STEP)}>
          {w.more(formats.count(Math.min(rest, STEP)))}
        </Button>
      )}
    </>
  );
}

function FolderLine({ row }: { readonly row: FolderRow }) {
  const w = useWords(words);
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const [removing, setRemoving] = useState(false);
  const below = useId();
  const name = inSentence(row.name);
  return (
    <>
      <div className={classes['line']}>
        {row.hasFolders ? (
          <button
            type="button"
            className={classNames(classes['expand'], open && classes['open'])}
            aria-expanded={open}
            aria-controls={open ? below : undefined}
            aria-label={w.expand(name)}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight aria-hidden="true" />
          </button>
        ) : (
          <span className={classes['expand']} />
        )}
        <span className={classes['icon']} aria-hidden="true">
          {row.place === 'online' ? <Cloud /> : <Folder />}
        </span>
        <span className={classes['text']}>
          <span className={classes['name']}>
            <NameText name={row.name} />
          </span>
          <span className={classes['about']}>
            {w.about(w.files(formats.count(row.files), row.files === 1), formats.bytes(row.bytes))}
          </span>
          {row.place !== 'here' && <Badge tone="info">{w.place(row.place)}</Badge>}
        </span>
        <span className={classes['acts']}>
          {row.place !== 'online' && (
            <Button
              size="small"
              variant="quiet"
              icon={<FolderMinus />}
              aria-label={w.removeOf(name)}
              onClick={() => setRemoving(true)}
            >
              {w.remove}
            </Button>
          )}
          {row.place !== 'here' && <Bring row={row} />}
        </span>
      </div>
      {open && (
        <div id={below} className={classes['below']}>
          <FolderTree folder={row.path} />
        </div>
      )}
      {removing && <RemoveDialog row={row} onClose={() => setRemoving(false)} />}
    </>
  );
}

function Bring({ row }: { readonly row: FolderRow }) {
  const w = useWords(words);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('folders.bring');
  const name = inSentence(row.name);
  const bring = async () => {
    const reply = await run({ path: row.path });
    if (reply.kind !== 'ok') return complain(text(reply));
    const { files } = reply.value;
    say(w.brought(name, w.files(formats.count(files), files === 1)));
  };
  return (
    <Button
      size="small"
      icon={<CloudDownload />}
      busy={busy}
      aria-label={w.bringOf(name)}
      onClick={() => void bring()}
    >
      {w.bring}
    </Button>
  );
}
