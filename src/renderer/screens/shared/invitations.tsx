/** Invitations: nothing of them is here until one is accepted. */
import { useState } from 'react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { useReplyText } from '../../design/message.tsx';
import { NameText } from '../../design/path-text.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { When } from '../../design/when.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { AcceptDialog } from './accept-dialog.tsx';
import { ShareIcon } from './share-line.tsx';
import classes from './shared.module.css';
import { words } from './words.ts';

export function Invitations({ invitations }: { readonly invitations: readonly ShareRow[] }) {
  const w = useWords(words);
  const [accepting, setAccepting] = useState<ShareRow | null>(null);
  if (invitations.length === 0 && accepting === null) return null;
  return (
    <Card tone="accent" title={w.invitations} lead={w.invitationsLead} flush>
      <ul aria-label={w.invitations} className={classes['below']}>
        {invitations.map((share) => (
          <li key={share.id}>
            <Invitation share={share} onAccept={() => setAccepting(share)} />
          </li>
        ))}
      </ul>
      {accepting !== null && <AcceptDialog share={accepting} onClose={() => setAccepting(null)} />}
    </Card>
  );
}

function Invitation({ share, onAccept }: { readonly share: ShareRow; readonly onAccept: () => void }) {
  const w = useWords(words);
  const now = useNow(30_000);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.answer');
  const name = inSentence(share.name);
  const decline = async () => {
    const reply = await run({ share: share.id, accept: false });
    if (reply.kind === 'ok') say(w.declined(name));
    else complain(text(reply));
  };
  return (
    <div className={classes['line']}>
      <ShareIcon kind={share.kind} />
      <div className={classes['text']}>
        <h3 className={classes['name']}>
          <NameText name={share.name} />
        </h3>
        <p className={classes['about']}>
          {w.invites(share.invitedBy === null ? w.somebody : inSentence(share.invitedBy), share.kind)}{' '}
          {w.as(share.role)} · <When at={share.at} now={now} />
        </p>
      </div>
      <span className={classes['acts']}>
        <Button size="small" busy={busy} aria-label={w.declineOf(name)} onClick={() => void decline()}>
          {w.decline}
        </Button>
        <Button size="small" variant="primary" aria-label={w.acceptOf(name)} onClick={onAccept}>
          {w.accept}
        </Button>
      </span>
    </div>
  );
}
