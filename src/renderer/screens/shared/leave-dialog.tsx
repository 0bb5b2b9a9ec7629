/** Going, and taking somebody out: what happens to files is said before it happens. */
import type { MemberRow, ShareRow } from '../../../ipc/shares.ts';
import { goTo } from '../../bridge/router.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { dialogWords } from './dialog-words.ts';

export function LeaveDialog({ share, onClose }: { readonly share: ShareRow; readonly onClose: () => void }) {
  const w = useWords(dialogWords);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.leave');
  const name = inSentence(share.name);
  const leave = async () => {
    const reply = await run({ share: share.id });
    onClose();
    if (reply.kind !== 'ok') return complain(text(reply));
    goTo('/shared');
    say(w.left(name));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.leaveTitle(name)}
      lead={w.leaveLead(share.path === null ? w.itsFolder : inSentence(share.path))}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="danger" busy={busy} onClick={() => void leave()}>
            {w.leaveDo}
          </Button>
        </>
      }
    >
      <p>{w.leaveUnsent}</p>
      <p>{w.leaveBack}</p>
    </Dialog>
  );
}

export function RemoveDialog({
  share,
  member,
  onClose,
}: {
  readonly share: ShareRow;
  readonly member: MemberRow;
  readonly onClose: () => void;
}) {
  const w = useWords(dialogWords);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.remove');
  const user = inSentence(member.user);
  const remove = async () => {
    const reply = await run({ share: share.id, user: member.user });
    onClose();
    if (reply.kind === 'ok') say(w.removed(user));
    else complain(text(reply));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.removeTitle(user, inSentence(share.name))}
      lead={w.removeLead(user)}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="danger" busy={busy} onClick={() => void remove()}>
            {w.removeDo}
          </Button>
        </>
      }
    >
      <p>{w.removeUnsent(user)}</p>
    </Dialog>
  );
}
