import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useStatus } from '../../../bridge/live-state.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { ErrorState, LoadingState } from '../../../design/message.tsx';
import { NameText } from '../../../design/path-text.tsx';
import { UsageList } from '../../../storage/usage-list.tsx';
import { useUsage } from '../../../storage/use-usage.ts';
import { storageWords } from '../../../storage/words.ts';
import { useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { PasswordDialog } from './password-dialog.tsx';
import { words } from './words.ts';

export function AccountSection() {
  const w = useWords(words);
  const status = useStatus();
  const [changing, setChanging] = useState(false);
  return (
    <>
      <Card
        title={w.account}
        actions={
          <Button icon={<KeyRound />} onClick={() => setChanging(true)}>
            {w.change}
          </Button>
        }
      >
        {status === null ? (
          <LoadingState rows={1} />
        ) : (
          <dl className={classes['facts']}>
            <dt>{w.user}</dt>
            <dd>
              <NameText name={status.user} />
            </dd>
            <dt>{w.server}</dt>
            <dd className="selectable">
              <NameText name={status.server} />
            </dd>
            <dt>{w.device}</dt>
            <dd>
              <NameText name={status.device} />
            </dd>
          </dl>
        )}
      </Card>
      <Storage />
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </>
  );
}

function Storage() {
  const w = useWords(words);
  const s = useWords(storageWords);
  const { value, reply, again } = useUsage();
  return (
    <Card title={w.storage}>
      {value !== null ? (
        <div className={classes['stack']}>
          <UsageList rows={value.namespaces} label={w.storage} />
          <p className={classes['quiet']}>{s.counted}</p>
        </div>
      ) : reply.kind === 'loading' || reply.kind === 'ok' ? (
        <LoadingState rows={2} />
      ) : (
        <ErrorState reply={reply} again={again} />
      )}
    </Card>
  );
}
