/** All of them: what waits for an answer, what this user is in, what ended. */
import { Plus, Users } from 'lucide-react';
import { useState } from 'react';
import type { ShareRow } from '../../../ipc/shares.ts';
import { goTo, routeTo } from '../../bridge/router.ts';
import type { EngineView } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../design/message.tsx';
import { Screen } from '../../design/screen.tsx';
import { useWords } from '../../words/language.tsx';
import { Ended, useEnded } from './ended.tsx';
import { Invitations } from './invitations.tsx';
import { MakeDialog } from './make-dialog.tsx';
import { ShareLine } from './share-line.tsx';
import { sortedShares } from './sorted-shares.ts';
import { words } from './words.ts';

export function ShareList({ shares }: { readonly shares: EngineView<'shares.list'> }) {
  const w = useWords(words);
  const [making, setMaking] = useState(false);
  const { value, reply, again } = shares;
  const isEmpty = value?.shares.length === 0;
  const make = (
    <Button variant="primary" icon={<Plus />} onClick={() => setMaking(true)}>
      {w.make}
    </Button>
  );
  return (
    <Screen title={w.title} lead={w.lead} actions={value !== null && !isEmpty && make}>
      {value !== null ? (
        <Listed shares={value.shares} make={make} />
      ) : reply.kind === 'loading' || reply.kind === 'ok' ? (
        <LoadingState rows={4} />
      ) : (
        <ErrorState reply={reply} again={again} />
      )}
      {making && (
        <MakeDialog
          onClose={() => setMaking(false)}
          onMade={(id) => {
            setMaking(false);
            goTo(routeTo(['shared', id]));
          }}
        />
      )}
    </Screen>
  );
}

function Listed({ shares, make }: { readonly shares: readonly ShareRow[]; readonly make: React.ReactNode }) {
  const w = useWords(words);
  const ended = useEnded();
  const { invitations, teams, byMe, withMe } = sortedShares(shares);
  return (
    <>
      <Invitations invitations={invitations} />
      <Lines title={w.teams} shares={teams} />
      <Lines title={w.byMe} shares={byMe} />
      <Lines title={w.withMe} shares={withMe} />
      {shares.length === 0 && (
        <EmptyState icon={<Users />} title={w.emptyTitle} actions={make}>
          {w.empty}
        </EmptyState>
      )}
      <Ended ended={ended} />
    </>
  );
}

function Lines({ title, shares }: { readonly title: string; readonly shares: readonly ShareRow[] }) {
  if (shares.length === 0) return null;
  return (
    <Card title={title} flush>
      <ul aria-label={title}>
        {shares.map((share) => (
          <li key={share.id}>
            <ShareLine share={share} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
