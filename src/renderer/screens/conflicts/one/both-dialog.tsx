/** Keeping both: the copy may get a better name; what the folder will have is seen before. */

import { useState } from 'react';
import { baseName, folderOf, pathIn } from '../../../../core/names/path-parts.ts';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { TextField } from '../../../design/fields.tsx';
import { PathText } from '../../../design/path-text.tsx';
import { useWords } from '../../../words/language.tsx';
import { nameFault, proposedName } from '../plan.ts';
import { sideOf } from '../roles.ts';
import { words as common } from '../words.ts';
import classes from './one.module.css';
import { words } from './words.ts';

export function BothDialog({
  row,
  busy,
  onKeep,
  onClose,
}: {
  readonly row: ConflictRow;
  readonly busy: boolean;
  /** Undefined: the copy keeps the name that it has. */
  readonly onKeep: (copyName: string | undefined) => void;
  readonly onClose: () => void;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const now = baseName(row.copyPath ?? row.path);
  const [name, setName] = useState(now);
  const shorter = proposedName(row.path, sideOf(row, 'copy').device);
  const fault = nameFault(name, row);
  const said =
    fault === null
      ? null
      : {
          empty: w.nameEmpty,
          slash: w.nameSlash,
          taken: w.nameTaken,
          long: w.nameLong,
          reserved: w.nameReserved,
        }[fault];
  const folder = folderOf(row.copyPath ?? row.path);
  const inFolder = (each: string) => pathIn(folder, each);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={w.bothTitle}
      lead={w.bothLead}
      actions={
        <>
          <Button onClick={onClose}>{c.cancel}</Button>
          <Button
            variant="primary"
            busy={busy}
            disabled={fault !== null}
            onClick={() => onKeep(name === now ? undefined : name)}
          >
            {w.keepBothNow}
          </Button>
        </>
      }
    >
      <TextField label={w.copyName} value={name} onChange={setName} fault={said} autoFocus />
      {shorter !== name && (
        <div>
          <Button size="small" onClick={() => setName(shorter)}>
            {w.proposal}: {shorter}
          </Button>
        </div>
      )}
      <div className={classes['result']}>
        <h3>{w.result}</h3>
        <ul>
          <li>
            <PathText path={row.path} wrap />
          </li>
          <li>
            <PathText path={inFolder(name)} wrap />
          </li>
        </ul>
      </div>
    </Dialog>
  );
}
