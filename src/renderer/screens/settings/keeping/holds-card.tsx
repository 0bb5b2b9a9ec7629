import { useState } from 'react';
import type { RetentionResult } from '../../../../ipc/retention.ts';
import { useCommand } from '../../../bridge/use-engine.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { useReplyText } from '../../../design/message.tsx';
import { PathText } from '../../../design/path-text.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import { inSentence } from '../../../words/visible-text.ts';
import classes from '../settings.module.css';
import { words } from './words.ts';

interface HoldsProps {
  readonly path: string;
  readonly kept: RetentionResult;
  readonly mayChange: boolean;
}

export function HoldsCard({ path, kept, mayChange }: HoldsProps) {
  const w = useWords(words);
  const formats = useFormats();
  const [releasing, setReleasing] = useState<string | null>(null);
  const nameOf = (held: string) => (held === path ? w.everything : inSentence(held));
  return (
    <>
      <Card title={w.holds} lead={kept.holds.length === 0 ? w.noHolds : w.holdsLead}>
        {kept.holds.length > 0 && (
          <ul aria-label={w.holds} className={classes['stack']}>
            {kept.holds.map((hold) => (
              <li key={hold.path} className={classes['hold']}>
                <div>
                  <p className={classes['strong']}>
                    {hold.path === path ? w.everything : <PathText path={hold.path} wrap />}
                  </p>
                  <p className="selectable">{inSentence(hold.why)}</p>
                  <p className={classes['quiet']}>{w.heldBy(inSentence(hold.by), formats.day(hold.at))}</p>
                </div>
                {mayChange && (
                  <Button
                    size="small"
                    aria-label={w.releaseOf(nameOf(hold.path))}
                    onClick={() => setReleasing(hold.path)}
                  >
                    {w.release}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Card>
      {releasing !== null && (
        <ReleaseDialog path={releasing} name={nameOf(releasing)} onClose={() => setReleasing(null)} />
      )}
    </>
  );
}

/** Also used where a file's own page shows that it is on hold. */
export function ReleaseDialog({
  path,
  name,
  onClose,
}: {
  readonly path: string;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const w = useWords(words);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('hold');
  const release = async () => {
    const reply = await run({ path, why: null });
    onClose();
    if (reply.kind === 'ok') say(w.released(name));
    else complain(text(reply));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.releaseTitle(name)}
      lead={w.releaseLead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="danger" busy={busy} onClick={() => void release()}>
            {w.release}
          </Button>
        </>
      }
    />
  );
}
