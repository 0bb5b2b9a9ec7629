import { useState } from 'react';
import type { VersionRow } from '../../../ipc/shapes.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/fields.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { copyNameOf, nameFault } from './copy-name.ts';
import type { HistoryNode } from './pick-versions.ts';
import { words } from './words.ts';

/** A version as a new file beside the one it is of; the name is proposed and can be changed. */
export function RestoreCopy({
  node,
  path,
  chosen,
  onClose,
}: {
  readonly node: HistoryNode;
  readonly path: string;
  readonly chosen: VersionRow;
  readonly onClose: () => void;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('restore');
  const [name, setName] = useState(() => copyNameOf(path, chosen.number));
  const fault = nameFault(name);
  const faultText =
    fault === null
      ? null
      : { empty: w.nameEmpty, separator: w.nameSeparator, 'not-possible': w.nameImpossible }[fault];
  const make = async () => {
    if (fault !== null) return;
    const reply = await run({ node: node.node, version: chosen.version, asCopy: name });
    onClose();
    if (reply.kind === 'ok') say(w.copied(inSentence(reply.value.path)));
    else complain(text(reply));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.copyTitle}
      lead={w.copyLead(formats.count(chosen.number))}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="primary" busy={busy} disabled={fault !== null} onClick={() => void make()}>
            {w.asCopy}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextField label={w.copyName} value={name} onChange={setName} fault={faultText} autoFocus />
      </form>
    </Dialog>
  );
}
