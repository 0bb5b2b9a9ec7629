import { useState } from 'react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { dialogWords } from './dialog-words.ts';
import { PlaceDialog } from './place-dialog.tsx';

/** Says yes, and where the folder is to be; a place that cannot be is refused in the dialog. */
export function AcceptDialog({ share, onClose }: { readonly share: ShareRow; readonly onClose: () => void }) {
  const w = useWords(dialogWords);
  const { say } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.answer');
  // What somebody else called it may be no name of a folder: the engine makes one of it when nothing is said.
  const [place, setPlace] = useState(share.name.replaceAll('/', '-'));
  const [fault, setFault] = useState<string | null>(null);
  const name = inSentence(share.name);
  const isTouched = place.trim() !== share.name.replaceAll('/', '-');
  const accept = async () => {
    const wanted = place.trim().replace(/^\/+|\/+$/g, '');
    const where = isTouched ? { place: wanted } : {};
    const reply = await run({ share: share.id, accept: true, ...where });
    if (reply.kind !== 'ok') return setFault(text(reply));
    onClose();
    const { path } = reply.value;
    say(path === null ? w.acceptedSoon(name) : w.accepted(name, inSentence(path)));
  };
  return (
    <PlaceDialog
      title={w.acceptTitle(name)}
      lead={w.acceptLead}
      action={w.acceptDo}
      place={place}
      fault={fault}
      busy={busy}
      isPossible={place.trim() !== ''}
      onPlace={(next) => {
        setPlace(next);
        setFault(null);
      }}
      onDo={() => void accept()}
      onClose={onClose}
    />
  );
}
