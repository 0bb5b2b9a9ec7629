import { ask } from '../../bridge/bridge.ts';
import { useShell, useStatus } from '../../bridge/live-state.ts';
import { useOutcome } from '../../bridge/use-outcome.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { useWords } from '../../words/language.tsx';
import classes from './settings.module.css';
import { words } from './words.ts';

export function AboutSection() {
  const w = useWords(words);
  const { version, update } = useShell();
  const status = useStatus();
  const outcome = useOutcome();
  return (
    <Card title={w.about} lead={w.aboutText}>
      <div className={classes['stack']}>
        <dl className={classes['facts']}>
          <dt>{w.version}</dt>
          <dd className="selectable">{version}</dd>
          {status !== null && status.version !== version && (
            <>
              <dt>{w.engineVersion}</dt>
              <dd className="selectable">{status.version}</dd>
            </>
          )}
        </dl>
        {update === null ? (
          <p className={classes['quiet']}>{w.updateNone}</p>
        ) : update.how === 'notify' ? (
          <p>{w.updateNotify(update.version)}</p>
        ) : (
          <>
            <p>{w.updateRestart(update.version)}</p>
            <Button
              variant="primary"
              className={classes['start']}
              onClick={() => void outcome(ask('update.install', {}))}
            >
              {w.updateInstall}
            </Button>
          </>
        )}
      </div>
    </Card>
  );
}
