/** What this user is not in any more: who ended it, and where what only they had is. */
import { FolderOpen, Trash2, UserMinus, X } from 'lucide-react';
import type { ProblemRow } from '../../../ipc/shapes.ts';
import { ask } from '../../bridge/bridge.ts';
import { goTo } from '../../bridge/router.ts';
import { useCommand, useEngine } from '../../bridge/use-engine.ts';
import { useNow } from '../../bridge/use-now.ts';
import { useOutcome } from '../../bridge/use-outcome.ts';
import { Button, IconButton } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { When } from '../../design/when.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './shared.module.css';
import { words } from './words.ts';

/** The newest first; told for a week. */
export function useEnded(): readonly ProblemRow[] {
  const without = useEngine('problems.list', { code: 'share-ended' }).value?.problems ?? [];
  const kept = useEngine('problems.list', { code: 'share-ended-kept' }).value?.problems ?? [];
  return [...without, ...kept].toSorted((a, b) => b.since - a.since);
}

export function Ended({ ended }: { readonly ended: readonly ProblemRow[] }) {
  const w = useWords(words);
  if (ended.length === 0) return null;
  return (
    <Card title={w.ended} lead={w.endedLead} flush>
      <ul aria-label={w.ended} className={classes['below']}>
        {ended.map((each) => (
          <li key={`${each.path} ${each.since}`}>
            <EndedLine problem={each} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function EndedLine({ problem: { path, code, facts, since } }: { readonly problem: ProblemRow }) {
  const w = useWords(words);
  const now = useNow(30_000);
  const outcome = useOutcome();
  const { busy, run } = useCommand('problems.remedy');
  const { say, complain } = useToasts();
  const replyText = useReplyText();
  const name = inSentence(String(facts['share'] ?? ''));
  const by = inSentence(String(facts['by'] ?? ''));
  const kept = code === 'share-ended-kept' ? String(facts['kept'] ?? '') : '';
  const dismiss = async () => {
    const reply = await run({ path, code, remedy: 'dismiss' });
    if (reply.kind === 'ok') say(w.dismissed(name));
    else complain(replyText(reply));
  };
  return (
    <div className={classes['line']}>
      <span className={classes['icon']} aria-hidden="true">
        <UserMinus />
      </span>
      <div className={classes['text']}>
        <h3 className={classes['name']}>
          {by === '' ? w.endedSome(name) : w.endedBy(by, name)}{' '}
          <span className={classes['about']}>
            <When at={since} now={now} />
          </span>
        </h3>
        <p className={classes['about']}>{kept === '' ? w.endedAll : w.endedKept(inSentence(kept))}</p>
      </div>
      <span className={classes['acts']}>
        {kept !== '' && (
          <Button
            size="small"
            icon={<FolderOpen />}
            onClick={() => void outcome(ask('open.show', { path: kept }))}
          >
            {w.showKept}
          </Button>
        )}
        <Button size="small" variant="quiet" icon={<Trash2 />} onClick={() => goTo('/trash')}>
          {w.showTrash}
        </Button>
        <IconButton
          size="small"
          label={w.dismissOf(name)}
          icon={<X />}
          busy={busy}
          onClick={() => void dismiss()}
        />
      </span>
    </div>
  );
}
