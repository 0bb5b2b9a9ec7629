/** Where one looks for a file: by its path, or among what changed lately. */
import { History } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { syncPathOf } from '../../../ipc/sync-path.ts';
import { useLive, useShell } from '../../bridge/live-state.ts';
import { goTo, routeTo } from '../../bridge/router.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { TextField } from '../../design/fields.tsx';
import { PathText } from '../../design/path-text.tsx';
import { Screen } from '../../design/screen.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import classes from './history.module.css';
import { words } from './words.ts';

export function HistoryStart() {
  const w = useWords(words);
  return (
    <Screen title={w.title} lead={w.lead}>
      <FindPath />
      <Lately />
      <Card
        title={w.wholeTitle}
        lead={w.wholeText}
        actions={
          <Button icon={<History />} onClick={() => goTo(routeTo(['history'], { moment: '1' }))}>
            {w.wholeAction}
          </Button>
        }
      />
    </Screen>
  );
}

export function FindPath({ start = '' }: { readonly start?: string }) {
  const w = useWords(words);
  const shell = useShell();
  const [typed, setTyped] = useState(start);
  const [fault, setFault] = useState<string | null>(null);
  const find = (event: FormEvent) => {
    event.preventDefault();
    const found = syncPathOf(shell.folder ?? '/', typed.trim(), shell.platform === 'windows');
    if (typed.trim() === '') setFault(w.noPath);
    else if (found.kind === 'outside') setFault(w.outside);
    else goTo(found.path === '' ? routeTo(['history'], { moment: '1' }) : routeTo(['history', found.path]));
  };
  return (
    <Card title={w.findTitle}>
      <form className={classes['find']} onSubmit={find}>
        <TextField
          label={w.pathLabel}
          hint={w.pathHint}
          type="search"
          value={typed}
          fault={fault}
          onChange={(text) => {
            setTyped(text);
            setFault(null);
          }}
        />
        <Button type="submit" variant="primary">
          {w.show}
        </Button>
      </form>
    </Card>
  );
}

const SHOWN = 8;

function Lately() {
  const w = useWords(words);
  const formats = useFormats();
  const now = useNow(30_000);
  const recent = useLive((live) => live.recent);
  const paths = new Map(recent.toReversed().map((each) => [each.path, each.at]));
  const newest = [...paths].sort((a, b) => b[1] - a[1]).slice(0, SHOWN);
  return (
    <Card title={w.lately} flush={newest.length > 0}>
      {newest.length === 0 ? (
        <p className={classes['quiet']}>{w.nothingLately}</p>
      ) : (
        <ul className={classes['lately']}>
          {newest.map(([path, at]) => (
            <li key={path}>
              <a href={`#${routeTo(['history', path])}`}>
                <PathText path={path} />
                <span className={classes['quiet']}>{formats.ago(at, now)}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
