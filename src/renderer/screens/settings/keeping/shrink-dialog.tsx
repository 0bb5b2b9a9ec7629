import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { type Change, daysOf } from './spans.ts';
import { words } from './words.ts';

/** History that shrinks does not come back: it is said line by line, and keeping it is the easy answer. */
export function ShrinkDialog({
  changes,
  busy,
  onKeep,
  onShrink,
}: {
  /** Null: to what the server has, which is not known here. */
  readonly changes: readonly Change[] | null;
  readonly busy: boolean;
  readonly onKeep: () => void;
  readonly onShrink: () => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const days = (ms: number) => w.days(formats.count(daysOf(ms)), daysOf(ms) === 1);
  return (
    <Dialog
      open
      onClose={onKeep}
      title={w.shrinkTitle}
      lead={changes === null ? w.usualLead : w.shrinkLead}
      actions={
        <>
          <Button onClick={onKeep}>{w.keepMore}</Button>
          <Button variant="danger" busy={busy} onClick={onShrink}>
            {changes === null ? w.usual : w.keepLess}
          </Button>
        </>
      }
    >
      {changes !== null && (
        <ul>
          {changes.map(({ name, before, after }) => (
            <li key={name}>
              <span className={classes['strong']}>{w.what(name)}</span>: {w.from(days(before), days(after))}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
