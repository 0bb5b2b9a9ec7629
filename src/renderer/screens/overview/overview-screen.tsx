/** The answer to "is my work safe right now?", with its proof; then what needs the user, moves, and happened. */
import { FolderOpen, RefreshCw } from 'lucide-react';
import { ask } from '../../bridge/bridge.ts';
import { useLive, useStatus } from '../../bridge/live-state.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useOutcome } from '../../bridge/use-outcome.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { useReplyText } from '../../design/message.tsx';
import { ProgressBar } from '../../design/progress.tsx';
import { Screen } from '../../design/screen.tsx';
import { StateIcon } from '../../design/state-icon.tsx';
import { useToasts } from '../../design/toasts.tsx';
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
import { NearlyFull } from '../../storage/nearly-full.tsx';
import { useWords } from '../../words/language.tsx';
import classes from './overview.module.css';
import { Proof } from './proof.tsx';
import { overviewWords } from './words.ts';

const RECENT = 8;
const MOVING = 8;

export function OverviewScreen() {
  const w = useWords(overviewWords);
  return (
    <Screen title={w.title} actions={<Actions />}>
      <Answer />
      <Needs />
      <NearlyFull />
      <Moving />
      <RecentCard />
    </Screen>
  );
}

function Actions() {
  const w = useWords(overviewWords);
  const outcome = useOutcome();
  const rescan = useCommand('rescan');
  const replyText = useReplyText();
  const { say, complain } = useToasts();
  const check = async () => {
    const reply = await rescan.run({});
    if (reply.kind === 'ok') say(w.checking);
    else complain(replyText(reply));
  };
  return (
    <>
      <Button icon={<RefreshCw />} busy={rescan.busy} onClick={() => void check()}>
        {w.checkNow}
      </Button>
      <Button icon={<FolderOpen />} onClick={() => void outcome(ask('open.show', { path: '' }))}>
        {w.openFolder}
      </Button>
      <PauseMenu />
    </>
  );
}

function Answer() {
  const status = useStatus();
  const answer = useAnswer();
  const headline = useHeadline();
  const state = status?.state ?? 'setting-up';
  const progress = status?.state === 'syncing' ? status.progress : null;
  const halted = status?.halted ?? null;
  return (
    <section className={classes['answer']} data-state={state} data-testid="answer">
      <header className={classes['answerHead']}>
        <span className={classes['answerIcon']}>
          <StateIcon state={state} size="large" />
        </span>
        <div className={classes['answerText']}>
          <h2>{answer.title}</h2>
          <p>{answer.why}</p>
          {halted !== null && (
            <div className={classes['remedies']}>
              <RemedyButtons code={halted.code} path={null} />
            </div>
          )}
          {progress !== null && progress.total > 0 && (
            <div className={classes['progress']}>
              <ProgressBar value={progress.done / progress.total} label={headline} />
              <span className={classes['detail']}>{headline}</span>
            </div>
          )}
        </div>
      </header>
      {status !== null && <Proof status={status} />}
    </section>
  );
}

function Needs() {
  const title = useNeedsTitle();
  const needs = useNeeds();
  if (needs.length === 0) return null;
  return (
    <section className={classes['section']}>
      <h2>{title}</h2>
      <NeedsYou needs={needs} />
    </section>
  );
}

function Moving() {
  const titles = useTransferTitles();
  const rates = useRates();
  const transfers = useLive((live) => live.transfers);
  const moves = hasTransfers(transfers);
  const peers = hasPeers(transfers);
  if (!moves && !peers) return null;
  return (
    <div className={classes['moving']}>
      {moves && (
        <Card title={titles.title} lead={rates === '' ? undefined : rates}>
          <TransferList transfers={transfers} shown={MOVING} />
        </Card>
      )}
      {peers && (
        <Card title={titles.others}>
          <PeerList transfers={transfers} />
        </Card>
      )}
    </div>
  );
}

function RecentCard() {
  const w = useWords(overviewWords);
  const title = useRecentTitle();
  if (!useHasRecent()) return null;
  return (
    <Card title={title} flush actions={<a href="#/activity">{w.all}</a>}>
      <div className={classes['recent']}>
        <Recent shown={RECENT} />
      </div>
    </Card>
  );
}
