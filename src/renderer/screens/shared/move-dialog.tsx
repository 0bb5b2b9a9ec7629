import { useState } from 'react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/fields.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { dialogWords } from './dialog-words.ts';

export function MoveDialog({ share, onClose }: { readonly share: ShareRow; readonly onClose: () => void }) {
  const w = useWords(dialogWords);
  const { say } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.move');
  const before = share.path ?? share.name;
  const [place, setPlace] = useState(before);
  const [fault, setFault] = useState<string | null>(null);
  const name = inSentence(share.name);
  const wanted = place.trim().replace(/^\/+|\/+$/g, '');
  const isPossible = wanted !== '' && wanted !== share.path;
  const move = async () => {
    const reply = await run({ share: share.id, place: wanted });
    if (reply.kind !== 'ok') return setFault(text(reply));
    onClose();
    say(w.moved(name, inSentence(reply.value.path ?? wanted)));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.moveTitle(name)}
      lead={w.moveLead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="primary" busy={busy} disabled={!isPossible} onClick={() => void move()}>
            {w.moveDo}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isPossible && !busy) void move();
        }}
      >
        <TextField
          label={w.place}
          hint={w.placeHint}
          value={place}
          fault={fault}
          autoFocus
          onChange={(next) => {
            setPlace(next);
            setFault(null);
          }}
        />
      </form>
    </Dialog>
  );
}
