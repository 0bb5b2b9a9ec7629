import { useState } from 'react';
import { PASSWORD_LEAST } from '../../../../protocol/new-password.ts';
import { useCommand } from '../../../bridge/use-engine.ts';
import { Button } from '../../../design/button.tsx';
import { Dialog } from '../../../design/dialog.tsx';
import { Switch, TextField } from '../../../design/fields.tsx';
import { useReplyText } from '../../../design/message.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { words } from './words.ts';

/** What is refused is said at the field it belongs to; nothing that was typed is lost by it. */
export function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const w = useWords(words);
  const formats = useFormats();
  const { say } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('password');
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [unlinkOthers, setUnlink] = useState(false);
  const [refused, setRefused] = useState<{ readonly field: 'old' | 'next'; readonly text: string } | null>(
    null,
  );
  const differs = again !== '' && again !== next;
  const isPossible = old !== '' && next !== '' && again === next;
  const change = async () => {
    const reply = await run({ old, new: next, unlinkOthers });
    if (reply.kind !== 'ok') {
      const isOld = reply.kind === 'refused' && reply.code === 'wrong-password';
      return setRefused({ field: isOld ? 'old' : 'next', text: text(reply) });
    }
    onClose();
    const { unlinked } = reply.value;
    say(unlinked === 0 ? w.done : w.doneUnlinked(formats.count(unlinked), unlinked === 1));
  };
  const faultOf = (field: 'old' | 'next') => (refused?.field === field ? refused.text : null);
  const typed = (set: (value: string) => void) => (value: string) => {
    set(value);
    setRefused(null);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.title}
      lead={w.lead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button variant="primary" busy={busy} disabled={!isPossible} onClick={() => void change()}>
            {w.save}
          </Button>
        </>
      }
    >
      <form
        className={classes['stack']}
        onSubmit={(event) => {
          event.preventDefault();
          if (isPossible && !busy) void change();
        }}
      >
        <TextField
          label={w.old}
          type="password"
          autoComplete="current-password"
          autoFocus
          value={old}
          fault={faultOf('old')}
          onChange={typed(setOld)}
        />
        <TextField
          label={w.next}
          hint={w.nextHint(formats.count(PASSWORD_LEAST))}
          type="password"
          autoComplete="new-password"
          value={next}
          fault={faultOf('next')}
          onChange={typed(setNext)}
        />
        <TextField
          label={w.again}
          type="password"
          autoComplete="new-password"
          value={again}
          fault={differs ? w.differs : null}
          onChange={setAgain}
        />
        <Switch label={w.others} hint={w.othersHint} checked={unlinkOthers} onChange={setUnlink} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
