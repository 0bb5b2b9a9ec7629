import type { DeviceRow } from '../../../ipc/settings.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { words } from './words.ts';

/** One sentence says what happens to files there, on the server, and here. */
export function UnlinkDialog({
  device,
  onClose,
}: {
  readonly device: DeviceRow;
  readonly onClose: () => void;
}) {
  const w = useWords(words);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('devices.revoke');
  const name = inSentence(device.name);
  const unlink = async () => {
    const reply = await run({ deviceId: device.deviceId });
    onClose();
    if (reply.kind === 'ok') say(w.done(name));
    else complain(text(reply));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.unlinkTitle(name)}
      lead={w.unlinkText(name)}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="danger" busy={busy} onClick={() => void unlink()}>
            {w.unlink}
          </Button>
        </>
      }
    >
      <p>{w.unlinkUnsent(name)}</p>
    </Dialog>
  );
}
