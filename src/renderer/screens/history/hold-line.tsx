/** Whether nothing of what is looked at may go, and since when and why; putting it on hold, and releasing it. */
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { baseName } from '../../../core/names/path-parts.ts';
import { useCommand, useEngine } from '../../bridge/use-engine.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/fields.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { ReleaseDialog } from '../settings/keeping/holds-card.tsx';
import classes from './history.module.css';
import { keptWords } from './kept-words.ts';

/** Longest first: the hold that says most about this path. */
function holdOver<H extends { readonly path: string }>(holds: readonly H[], path: string): H | null {
  const over = holds.filter(
    (each) => each.path === path || each.path === '' || path.startsWith(`${each.path}/`),
  );
  return over.toSorted((a, b) => b.path.length - a.path.length)[0] ?? null;
}

/** Among the ways of a page; nothing where it is on hold already. */
export function HoldButton({ path }: { readonly path: string }) {
  const w = useWords(keptWords);
  const { value } = useEngine('retention.get', { path });
  const [asking, setAsking] = useState(false);
  if (value === null || holdOver(value.holds, path) !== null) return null;
  return (
    <>
      <Button variant="quiet" icon={<Lock />} onClick={() => setAsking(true)}>
        {w.hold}
      </Button>
      {asking && (
        <HoldDialog path={path} name={inSentence(baseName(path))} onClose={() => setAsking(false)} />
      )}
    </>
  );
}

export function HoldLine({ path }: { readonly path: string }) {
  const w = useWords(keptWords);
  const formats = useFormats();
  const { value } = useEngine('retention.get', { path });
  const [releasing, setReleasing] = useState(false);
  const hold = value === null ? null : holdOver(value.holds, path);
  if (hold === null) return null;
  return (
    <div className={classes['standing']}>
      <Badge tone="info">{w.onHold}</Badge>{' '}
      {w.heldWhy(inSentence(hold.by), formats.day(hold.at), inSentence(hold.why))}{' '}
      {hold.path === path ? (
        <Button size="small" variant="quiet" onClick={() => setReleasing(true)}>
          {w.release}
        </Button>
      ) : (
        <span className={classes['quiet']}>
          {hold.path === '' ? w.heldAbove : w.heldWith(inSentence(hold.path))}
        </span>
      )}
      {releasing && (
        <ReleaseDialog path={path} name={inSentence(baseName(path))} onClose={() => setReleasing(false)} />
      )}
    </div>
  );
}

function HoldDialog({
  path,
  name,
  onClose,
}: {
  readonly path: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const w = useWords(keptWords);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('hold');
  const [why, setWhy] = useState('');
  const put = async () => {
    const reply = await run({ path, why: why.trim() });
    onClose();
    if (reply.kind === 'ok') say(w.holding(name));
    else complain(text(reply));
  };
  const isPossible = why.trim() !== '' && why.trim().length <= 500;
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.holdTitle(name)}
      lead={w.holdLead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="primary" busy={busy} disabled={!isPossible} onClick={() => void put()}>
            {w.holdDo}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isPossible && !busy) void put();
        }}
      >
        <TextField label={w.why} hint={w.whyHint} value={why} onChange={setWhy} autoFocus />
      </form>
    </Dialog>
  );
}
