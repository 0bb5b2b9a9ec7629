/** "Why is this file like this?": a path, and its explanation. */
import { FileQuestion, SearchX } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { syncPathOf } from '../../../ipc/sync-path.ts';
import { useShell, useStatus } from '../../bridge/live-state.ts';
import { goTo, routeTo } from '../../bridge/router.ts';
import { useEngine } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Card } from '../../design/card.tsx';
import { TextField } from '../../design/fields.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../design/message.tsx';
import { Screen } from '../../design/screen.tsx';
import { useWords } from '../../words/language.tsx';
import { visibleText } from '../../words/visible-text.ts';
import classes from './explain.module.css';
import { Explained } from './explained.tsx';
import { explainWords } from './words.ts';

export function ExplainScreen({ path }: { readonly path: string | null }) {
  const w = useWords(explainWords);
  return (
    <Screen title={w.title} lead={w.lead}>
      <Ask path={path} />
      {path === null || path === '' ? (
        <Card>
          <EmptyState icon={<FileQuestion />} title={w.emptyTitle}>
            {w.empty}
          </EmptyState>
        </Card>
      ) : (
        <Explanation path={path} />
      )}
    </Screen>
  );
}

/** A field would drop or hide what cannot be seen, and so ask for another path. */
function typable(path: string | null): string {
  return path !== null && visibleText(path) === path ? path : '';
}

function Ask({ path }: { readonly path: string | null }) {
  const w = useWords(explainWords);
  const folder = useStatus()?.folder ?? '';
  const { platform } = useShell();
  const [typed, setTyped] = useState(() => typable(path));
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => setTyped(typable(path)), [path]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const place = syncPathOf(folder, typed, platform === 'windows');
    if (place.kind === 'inside' && place.path !== '') goTo(routeTo(['explain', place.path]));
    else setFault(w.outside);
  };
  return (
    <form className={classes['ask']} onSubmit={submit}>
      <div>
        <TextField
          label={w.path}
          value={typed}
          hint={w.hint}
          fault={fault}
          autoFocus={path === null}
          onChange={(next) => {
            setTyped(next);
            setFault(null);
          }}
        />
      </div>
      <Button type="submit" variant="primary" disabled={typed.trim() === ''}>
        {w.look}
      </Button>
    </form>
  );
}

function Explanation({ path }: { readonly path: string }) {
  const w = useWords(explainWords);
  const { reply, value, again } = useEngine('explain', { path });
  if (value !== null) return <Explained result={value} again={again} />;
  if (reply.kind === 'loading' || reply.kind === 'ok') return <LoadingState />;
  if (reply.kind === 'refused' && reply.code === 'not-found') {
    return (
      <Card>
        <EmptyState
          icon={<SearchX />}
          title={w.unknownTitle}
          actions={<Button onClick={again}>{w.again}</Button>}
        >
          {w.unknownWhy}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card>
      <ErrorState reply={reply} again={again} />
    </Card>
  );
}
