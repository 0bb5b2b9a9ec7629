/** Who is in. An owner gives roles, takes out and invites; the others see the list. */
import { UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { MemberRow, ShareRow } from '../../../ipc/shares.ts';
import { useCommand, useEngine } from '../../bridge/use-engine.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { classNames } from '../../design/class-names.ts';
import { Select, TextField } from '../../design/fields.tsx';
import { ErrorState, LoadingState, useReplyText } from '../../design/message.tsx';
import { NameText } from '../../design/path-text.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { dialogWords } from './dialog-words.ts';
import { RemoveDialog } from './leave-dialog.tsx';
import classes from './shared.module.css';
import { sortedMembers } from './sorted-shares.ts';
import { words } from './words.ts';

const ROLES = ['owner', 'editor', 'viewer'] as const;
type Role = ShareRow['role'];

interface MembersProps {
  readonly share: ShareRow;
  readonly me: string;
}

export function MembersCard({ share, me }: MembersProps) {
  const w = useWords(words);
  const { value, reply, again } = useEngine('shares.members', { share: share.id });
  return (
    <Card title={w.members} lead={w.membersLead} flush>
      {value !== null ? (
        <>
          <ul aria-label={w.members} className={classes['below']}>
            {sortedMembers(value.members).map((member) => (
              <li key={member.user} className={classes['line']}>
                <Member share={share} me={me} member={member} />
              </li>
            ))}
          </ul>
          {share.role === 'owner' && <Invite share={share} members={value.members} />}
        </>
      ) : reply.kind === 'loading' || reply.kind === 'ok' ? (
        <LoadingState rows={2} />
      ) : (
        <ErrorState reply={reply} again={again} />
      )}
    </Card>
  );
}

function Member({ share, me, member }: MembersProps & { readonly member: MemberRow }) {
  const w = useWords(words);
  const formats = useFormats();
  const { user, role, standing, at } = member;
  const isAsked = standing === 'invited';
  const isMe = user === me;
  const day = formats.day(at);
  return (
    <>
      <span className={classes['initial']} aria-hidden="true">
        {[...user.toUpperCase()][0]}
      </span>
      <div className={classes['text']}>
        <h3 className={classes['name']}>
          <NameText name={user} /> {isMe && <Badge tone="accent">{w.you}</Badge>}
          {isAsked && <Badge tone="warn">{w.asked}</Badge>}
        </h3>
        <p className={classes['about']}>{isAsked ? w.askedOn(day) : w.joined(day)}</p>
      </div>
      {share.role === 'owner' && !isMe ? (
        <Manage share={share} member={member} />
      ) : (
        <Badge tone={role === 'viewer' ? 'info' : role === 'owner' ? 'accent' : 'plain'}>
          {w.role(role)}
        </Badge>
      )}
    </>
  );
}

function Manage({ share, member }: { readonly share: ShareRow; readonly member: MemberRow }) {
  const w = useWords(words);
  const d = useWords(dialogWords);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const give = useCommand('shares.member');
  const withdraw = useCommand('shares.remove');
  const [removing, setRemoving] = useState(false);
  const user = inSentence(member.user);
  const isAsked = member.standing === 'invited';
  const giveRole = async (role: Role) => {
    if (role === member.role) return;
    const reply = await give.run({ share: share.id, user: member.user, role });
    if (reply.kind === 'ok') say(w.roleGiven(user, role));
    else complain(text(reply));
  };
  const takeBack = async () => {
    const reply = await withdraw.run({ share: share.id, user: member.user });
    if (reply.kind === 'ok') say(d.withdrawn(user));
    else complain(text(reply));
  };
  return (
    <span className={classNames(classes['acts'], classes['manage'])}>
      <span className={classes['roleChoice']}>
        <Select
          label={w.roleOf(user)}
          isLabelHidden
          value={member.role}
          choices={ROLES.map((role) => ({ value: role, label: w.role(role) }))}
          onChange={(role) => void giveRole(role)}
        />
      </span>
      <Button
        size="small"
        icon={<UserMinus />}
        busy={withdraw.busy}
        aria-label={isAsked ? w.withdrawOf(user) : w.removeOf(user)}
        onClick={() => (isAsked ? void takeBack() : setRemoving(true))}
      >
        {isAsked ? w.withdraw : w.remove}
      </Button>
      {removing && <RemoveDialog share={share} member={member} onClose={() => setRemoving(false)} />}
    </span>
  );
}

function Invite({ share, members }: { readonly share: ShareRow; readonly members: readonly MemberRow[] }) {
  const w = useWords(words);
  const { say } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.member');
  const [user, setUser] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const [fault, setFault] = useState<string | null>(null);
  const name = user.trim();
  const invite = async () => {
    // Asked again, the server would take it for another role of who is in.
    if (members.some((each) => each.user === name)) return setFault(w.already(inSentence(name)));
    const reply = await run({ share: share.id, user: name, role });
    if (reply.kind !== 'ok') return setFault(text(reply));
    setUser('');
    say(w.invited(inSentence(name)));
  };
  return (
    <form
      className={classes['invite']}
      aria-label={w.inviteTitle}
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '' && !busy) void invite();
      }}
    >
      <div className={classes['inviteUser']}>
        <TextField
          label={w.user}
          hint={w.userHint}
          value={user}
          fault={fault}
          autoComplete="off"
          onChange={(next) => {
            setUser(next);
            setFault(null);
          }}
        />
      </div>
      <div className={classes['inviteRole']}>
        <Select
          label={w.inviteRole}
          value={role}
          choices={ROLES.map((each) => ({ value: each, label: w.role(each) }))}
          onChange={setRole}
        />
        <p className={classes['about']}>{w.may(role)}</p>
      </div>
      <Button type="submit" variant="primary" icon={<UserPlus />} busy={busy} disabled={name === ''}>
        {w.invite}
      </Button>
    </form>
  );
}
