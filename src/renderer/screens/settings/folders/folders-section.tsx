import { FolderOpen } from 'lucide-react';
import { ask } from '../../../bridge/bridge.ts';
import { useShell, useStatus } from '../../../bridge/live-state.ts';
import { useOutcome } from '../../../bridge/use-outcome.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { NameText, PathText } from '../../../design/path-text.tsx';
import { useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { FolderTree } from './folder-tree.tsx';
import { words } from './words.ts';

function isLoopback(server: string): boolean {
  const host = URL.canParse(server) ? new URL(server).hostname : '';
  return host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}

export function FoldersSection() {
  const w = useWords(words);
  const { folder, serverHere } = useShell();
  const status = useStatus();
  const outcome = useOutcome();
  return (
    <>
      <Card
        title={w.title}
        actions={
          folder !== null && (
            <Button icon={<FolderOpen />} onClick={() => void outcome(ask('open.show', { path: '' }))}>
              {w.open}
            </Button>
          )
        }
      >
        <div className={classes['stack']}>
          <dl className={classes['facts']}>
            <dt>{w.where}</dt>
            <dd className="selectable">{folder === null ? w.noFolder : <PathText path={folder} wrap />}</dd>
            {status !== null && (
              <>
                <dt>{w.account}</dt>
                <dd>
                  <NameText name={status.user} />
                </dd>
                <dt>{w.server}</dt>
                <dd className="selectable">
                  <NameText name={status.server} />
                  {serverHere && isLoopback(status.server) && ` (${w.here})`}
                </dd>
                <dt>{w.thisComputer}</dt>
                <dd>
                  <NameText name={status.device} />
                </dd>
              </>
            )}
          </dl>
          <p className={classes['quiet']}>{w.meaning}</p>
        </div>
      </Card>
      <Card title={w.treeTitle} lead={w.treeLead} flush>
        <div className={classes['tree']}>
          <FolderTree folder="" />
        </div>
      </Card>
    </>
  );
}
