/** The tray's small window: the answer, what needs the user, what moves, what happened; pausing; the ways on. */
import { AppWindow, FolderOpen, Power, Settings } from 'lucide-react';
import { useEffect } from 'react';
import type { SyncState } from '../../../ipc/status.ts';
import { ask } from '../../bridge/bridge.ts';
import { useLive, useStatus } from '../../bridge/live-state.ts';
import { useOutcome } from '../../bridge/use-outcome.ts';
import { Button, IconButton } from '../../design/button.tsx';
import { ProgressBar } from '../../design/progress.tsx';
import { StateIcon } from '../../design/state-icon.tsx';
import { useHeadline } from '../../frame/status-headline.tsx';
import { NeedsYou, useNeeds, useNeedsTitle } from '../../live/needs-you.tsx';
import { PauseMenu } from '../../live/pause-menu.tsx';
import { Recent, useHasRecent, useRecentTitle } from '../../live/recent.tsx';
import { RemedyButtons } from '../../live/remedy-buttons.tsx';
import {
  hasPeers,
  hasTransfers,
  PeerList,
  TransferList,
  useRates,
  useTransferTitles,
} from '../../live/transfers.tsx';
import { useAnswer } from '../../live/use-answer.ts';
import { useWords } from '../../words/language.tsx';
import classes from './popover.module.css';
import { popoverWords } from './words.ts';

const RECENT = 12;
const MOVING = 3;
/** Where the reason says more than the headline. */
const SAYS_WHY: ReadonlySet<SyncState> = new Set(['error', 'warning', 'needs-you', 'setting-up', 'checking']);

export function Popover() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) void ask('window.close', {});
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <main className={classes['popover']}>
      <Headline />
      <div className={classes['middle']}>
        <Needs />
        <Moving />
        <RecentSection />
      </div>
      <Footer />
    </main>
  );
}

function Headline() {
  const status = useStatus();
  const answer = useAnswer();
  const headline = useHeadline();
  const state = status?.state ?? 'setting-up';
  const progress = status?.state === 'syncing' ? status.progress : null;
  return (
    <header className={classes['headline']} data-state={state} data-testid="headline">
      <StateIcon state={state} size="large" />
      <div>
        <h1>{answer.title}</h1>
        <p>{SAYS_WHY.has(state) || status === null ? answer.why : headline}</p>
        {status?.halted != null && (
          <div className={classes['remedies']}>
            <RemedyButtons code={status.halted.code} path={null} size="small" />
          </div>
        )}
        {progress !== null && progress.total > 0 && (
          <div className={classes['progress']}>
            <ProgressBar value={progress.done / progress.total} label={headline} />
          </div>
        )}
      </div>
    </header>
  );
}

function Needs() {
  const title = useNeedsTitle();
  const needs = useNeeds();
  if (needs.length === 0) return null;
  return (
    <section className={classes['section']}>
      <h2>{title}</h2>
      <div className={classes['inset']}>
        <NeedsYou needs={needs} compact />
      </div>
    </section>
  );
}

function Moving() {
  const titles = useTransferTitles();
  const rates = useRates();
  const transfers = useLive((live) => live.transfers);
  const moves = hasTransfers(transfers);
  const peers = hasPeers(transfers);
  return (
    <>
      {moves && (
        <section className={classes['section']}>
          <h2>{titles.title}</h2>
          <div className={classes['inset']}>
            {rates !== '' && <p className={classes['rates']}>{rates}</p>}
            <TransferList transfers={transfers} shown={MOVING} compact />
          </div>
        </section>
      )}
      {peers && (
        <section className={classes['section']}>
          <h2>{titles.others}</h2>
          <div className={classes['inset']}>
            <PeerList transfers={transfers} />
          </div>
        </section>
      )}
    </>
  );
}

function RecentSection() {
  const title = useRecentTitle();
  if (!useHasRecent()) return null;
  return (
    <section className={classes['section']}>
      <h2>{title}</h2>
      <Recent shown={RECENT} compact />
    </section>
  );
}

function Footer() {
  const w = useWords(popoverWords);
  const outcome = useOutcome();
  const show = (route: string) => void ask('window.show', { route });
  return (
    <footer className={classes['footer']}>
      <PauseMenu size="small" />
      <Button size="small" icon={<AppWindow />} onClick={() => show('/')}>
        {w.window}
      </Button>
      <span className={classes['icons']}>
        <IconButton
          size="small"
          icon={<FolderOpen />}
          label={w.folder}
          onClick={() => void outcome(ask('open.show', { path: '' }))}
        />
        <IconButton size="small" icon={<Settings />} label={w.settings} onClick={() => show('/settings')} />
        <IconButton size="small" icon={<Power />} label={w.quit} onClick={() => void ask('quit', {})} />
      </span>
    </footer>
  );
}
