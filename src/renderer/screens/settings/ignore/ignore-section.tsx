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
  const rules = typed ?? saved;
  const isSame = rules.shared === saved.shared && rules.local === saved.local;
  const undo = async (before: IgnoreGetResult) => {
    const reply = await run({ folder: WHOLE, shared: before.shared, local: before.local });
    if (reply.kind === 'ok') say(w.undone);
    else complain(text(reply));
  };
  const save = async () => {
    const before = saved;
    const reply = await run({ folder: WHOLE, shared: rules.shared, local: rules.local });
    if (reply.kind !== 'ok') return complain(text(reply));
    setTyped(null);
    say(w.saved, () => void undo(before));
  };
  return (
    <>
      <Card title={w.title} lead={w.lead}>
        <div className={classes['stack']}>
          <TextArea
            label={w.shared}
            hint={w.sharedHint}
            value={rules.shared}
            onChange={(shared) => setTyped({ ...rules, shared })}
            rows={8}
            mono
          />
          <TextArea
            label={w.local}
            hint={w.localHint}
            value={rules.local}
            onChange={(local) => setTyped({ ...rules, local })}
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
