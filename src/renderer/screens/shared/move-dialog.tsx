import { useState } from 'react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { dialogWords } from './dialog-words.ts';
import { PlaceDialog } from './place-dialog.tsx';

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
    <PlaceDialog
      title={w.moveTitle(name)}
      lead={w.moveLead}
      action={w.moveDo}
      place={place}
      fault={fault}
      busy={busy}
      isPossible={isPossible}
      onPlace={(next) => {
        setPlace(next);
        setFault(null);
      }}
      onDo={() => void move()}
      onClose={onClose}
    />
  );
}
