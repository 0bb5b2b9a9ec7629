import { useState } from 'react';
import type { IgnoreGetResult } from '../../../../ipc/selection.ts';
import { useCommand, useEngine } from '../../../bridge/use-engine.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { TextArea } from '../../../design/fields.tsx';
import { ErrorState, LoadingState, useReplyText } from '../../../design/message.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { RulesPreview } from './rules-preview.tsx';
import { words } from './words.ts';

const WHOLE = '';

export function IgnoreSection() {
  const { value, reply, again } = useEngine('ignore.get', { folder: WHOLE });
  if (value !== null) return <Rules saved={value} />;
  return reply.kind === 'loading' || reply.kind === 'ok' ? (
    <LoadingState rows={5} />
  ) : (
    <ErrorState reply={reply} again={again} />
  );
}

/** What is typed is kept while the saved rules change below it. */
function Rules({ saved }: { readonly saved: IgnoreGetResult }) {
  const w = useWords(words);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('ignore.set');
  const [typed, setTyped] = useState<IgnoreGetResult | null>(null);
  // What the typing began with: what others save meanwhile is not overwritten unseen.
  const [base, setBase] = useState(saved);
  const rules = typed ?? saved;
  const isSame = rules.shared === saved.shared && rules.local === saved.local;
  const type = (next: Partial<IgnoreGetResult>) => {
    if (typed === null) setBase(saved);
    setTyped({ ...rules, ...next });
  };
  const undo = async (before: IgnoreGetResult, after: IgnoreGetResult) => {
    const { shared, local } = before;
    const seen = { shared: after.shared, local: after.local };
    const reply = await run({ folder: WHOLE, shared, local, seen });
    if (reply.kind === 'ok') say(w.undone);
    else complain(text(reply));
  };
  const save = async () => {
    const { shared, local } = rules;
    const seen = { shared: base.shared, local: base.local };
    const reply = await run({ folder: WHOLE, shared, local, seen });
    if (reply.kind !== 'ok') {
      // Told that they were changed meanwhile: who saves again means it.
      setBase(saved);
      return complain(text(reply));
    }
    setTyped(null);
    say(w.saved, () => void undo(base, rules));
  };
  return (
    <>
      <Card title={w.title} lead={w.lead}>
        <div className={classes['stack']}>
          <TextArea
            label={w.shared}
            hint={w.sharedHint}
            value={rules.shared}
            onChange={(shared) => type({ shared })}
            rows={8}
            mono
          />
          <TextArea
            label={w.local}
            hint={w.localHint}
            value={rules.local}
            onChange={(local) => type({ local })}
            rows={4}
            mono
          />
          <div className={classes['buttons']}>
            <Button variant="primary" busy={busy} disabled={isSame} onClick={() => void save()}>
              {w.save}
            </Button>
            <Button disabled={isSame || busy} onClick={() => setTyped(null)}>
              {w.revert}
            </Button>
          </div>
        </div>
      </Card>
      <RulesPreview folder={WHOLE} shared={rules.shared} local={rules.local} isSame={isSame} />
    </>
  );
}
