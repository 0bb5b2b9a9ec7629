/** One of them in a list: where it is, how it stands, what the user may do there. */
import { ChevronRight, Folder, Users } from 'lucide-react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { routeTo } from '../../bridge/router.ts';
import { Badge } from '../../design/badge.tsx';
import { NameText, PathText } from '../../design/path-text.tsx';
import { StateIcon } from '../../design/state-icon.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './shared.module.css';
import { words } from './words.ts';

export function ShareIcon({ kind }: { readonly kind: ShareRow['kind'] }) {
  return (
    <span className={classes['icon']} aria-hidden="true">
      {kind === 'team' ? <Users /> : <Folder />}
    </span>
  );
}

export function ShareState({ share: { state, away = false } }: { readonly share: ShareRow }) {
  const w = useWords(words);
  return (
    <span className={classes['state']}>
      <StateIcon state={away ? 'paused' : (state ?? 'setting-up')} /> {away ? w.awayState : w.state(state)}
    </span>
  );
}

export function ShareLine({ share }: { readonly share: ShareRow }) {
  const w = useWords(words);
  const { id, kind, name, role, path, invitedBy } = share;
  return (
    <a className={classes['line']} href={`#${routeTo(['shared', id])}`}>
      <ShareIcon kind={kind} />
      <span className={classes['text']}>
        <span className={classes['name']}>
          <NameText name={name} />
        </span>
        <span className={classes['about']}>
          {path === null ? w.noFolder : <PathText path={path} />}
          {invitedBy !== null && <span> · {w.from(inSentence(invitedBy))}</span>}
        </span>
      </span>
      <ShareState share={share} />
      <Badge tone={role === 'viewer' ? 'info' : role === 'owner' ? 'accent' : 'plain'}>{w.role(role)}</Badge>
      <ChevronRight className={classes['chevron']} aria-hidden="true" />
    </a>
  );
}
