/** One of them: where its folder is, what the user may do, who is in, and the way out. */
import {
  ArrowLeft,
  CloudDownload,
  Eye,
  FolderMinus,
  FolderOpen,
  FolderPen,
  LogOut,
  Unplug,
} from 'lucide-react';
import { useState } from 'react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { ask } from '../../bridge/bridge.ts';
import { useStatus } from '../../bridge/live-state.ts';
import { goTo } from '../../bridge/router.ts';
import { type EngineView, useCommand, useEngine } from '../../bridge/use-engine.ts';
import { useOutcome } from '../../bridge/use-outcome.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { EmptyState, ErrorState, LoadingState, useReplyText } from '../../design/message.tsx';
import { PathText, visibleText } from '../../design/path-text.tsx';
import { Screen } from '../../design/screen.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { UsageLine } from '../../storage/usage-list.tsx';
import { useUsage } from '../../storage/use-usage.ts';
import { errorSentence } from '../../words/errors.ts';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { Ended, useEnded } from './ended.tsx';
import { Invitations } from './invitations.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { MembersCard } from './members-card.tsx';
import { MoveDialog } from './move-dialog.tsx';
import { ShareState } from './share-line.tsx';
import classes from './shared.module.css';
import { isOnlyOwner } from './sorted-shares.ts';
import { words } from './words.ts';

export function OneShare({
  id,
  shares: { value, reply, again },
}: {
  readonly id: string;
  readonly shares: EngineView<'shares.list'>;
}) {
  const w = useWords(words);
  const ended = useEnded();
  const share = value?.shares.find((each) => each.id === id);
  const title = share === undefined ? w.title : visibleText(share.name);
  const back = (
    <Button variant="quiet" icon={<ArrowLeft />} onClick={() => goTo('/shared')}>
      {w.back}
    </Button>
  );
  return (
    <Screen title={title} lead={share === undefined ? undefined : w.kind(share.kind)} actions={back}>
      {share?.standing === 'invited' ? (
        <Invitations invitations={[share]} />
      ) : share !== undefined ? (
        <Standing share={share} />
      ) : value !== null ? (
        <>
          <EmptyState icon={<Unplug />} title={w.gone}>
            {w.goneText}
          </EmptyState>
          <Ended ended={ended} />
        </>
      ) : reply.kind === 'loading' || reply.kind === 'ok' ? (
        <LoadingState rows={4} />
      ) : (
        <ErrorState reply={reply} again={again} />
      )}
    </Screen>
  );
}

function Standing({ share }: { readonly share: ShareRow }) {
  const me = useStatus()?.user ?? '';
  return (
    <>
      {share.role === 'viewer' && <ReadOnly />}
      <FolderCard share={share} />
      <MembersCard share={share} me={me} />
      <LeaveCard share={share} me={me} />
    </>
  );
}

/** Said plainly, and before somebody works for nothing. */
function ReadOnly() {
  const w = useWords(words);
  return (
    <section className={classes['readOnly']} data-testid="read-only">
      <Eye aria-hidden="true" />
      <div>
        <h2>{w.readOnly}</h2>
        <p>{w.readOnlyText}</p>
      </div>
    </section>
  );
}

function FolderCard({ share }: { readonly share: ShareRow }) {
  const w = useWords(words);
  const formats = useFormats();
  const language = useLanguage();
  const outcome = useOutcome();
  const [moving, setMoving] = useState(false);
  const usage = useUsage().value?.namespaces.find((each) => each.share === share.id);
  const { path, trouble, role, invitedBy, at, away = false } = share;
  return (
    <Card
      title={w.folder}
      actions={
        <>
          {path !== null && (
            <Button
              size="small"
              icon={<FolderOpen />}
              onClick={() => void outcome(ask('open.show', { path }))}
            >
              {w.open}
            </Button>
          )}
          {!away && (
            <Button size="small" icon={<FolderPen />} onClick={() => setMoving(true)}>
              {w.elsewhere}
            </Button>
          )}
          <Here share={share} />
        </>
      }
    >
      <dl className={classes['facts']}>
        <dt>{w.where}</dt>
        <dd>{path === null ? w.noFolder : <PathText path={path} wrap />}</dd>
        <dt>{w.how}</dt>
        <dd>
          <ShareState share={share} />
          {trouble !== null && (
            <p className="selectable">
              {errorSentence(language, trouble.code, trouble.facts, share.sentence)}
            </p>
          )}
        </dd>
        {usage !== undefined && (
          <>
            <dt>{w.stored}</dt>
            <dd>
              <UsageLine row={usage} isNamed={false} />
            </dd>
          </>
        )}
        <dt>{w.yourRole}</dt>
        <dd>
          <Badge tone={role === 'viewer' ? 'info' : role === 'owner' ? 'accent' : 'plain'}>
            {w.role(role)}
          </Badge>{' '}
          {w.may(role)}{' '}
          <span className={classes['about']}>
            {invitedBy !== null && `${w.from(inSentence(invitedBy))}, `}
            {w.since(formats.day(at))}
          </span>
        </dd>
      </dl>
      {moving && <MoveDialog share={share} onClose={() => setMoving(false)} />}
    </Card>
  );
}

/** Off this computer, or back on it: one stays in it either way. */
function Here({ share }: { readonly share: ShareRow }) {
  const w = useWords(words);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('shares.here');
  const isAway = share.away ?? false;
  const name = inSentence(share.name);
  const change = async () => {
    const reply = await run({ share: share.id, here: isAway });
    if (reply.kind === 'ok') say(isAway ? w.broughtBack(name) : w.takenAway(name));
    else complain(text(reply));
  };
  return (
    <Button
      size="small"
      icon={isAway ? <CloudDownload /> : <FolderMinus />}
      busy={busy}
      onClick={() => void change()}
    >
      {isAway ? w.bringBack : w.takeAway}
    </Button>
  );
}

function LeaveCard({ share, me }: { readonly share: ShareRow; readonly me: string }) {
  const w = useWords(words);
  const members = useEngine('shares.members', { share: share.id }).value?.members ?? [];
  const [leaving, setLeaving] = useState(false);
  const isStuck = isOnlyOwner(members, me);
  return (
    <>
      <Card
        title={w.leaveTitle}
        lead={isStuck ? w.onlyOwner : w.leaveLead}
        actions={
          <Button variant="danger" icon={<LogOut />} disabled={isStuck} onClick={() => setLeaving(true)}>
            {w.leave}
          </Button>
        }
      />
      {leaving && <LeaveDialog share={share} onClose={() => setLeaving(false)} />}
    </>
  );
}
