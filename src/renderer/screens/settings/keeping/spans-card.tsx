/** For how long each kind of version is kept; changing it says first what goes by it. */
import { useState } from 'react';
import type { RetentionResult } from '../../../../ipc/retention.ts';
import type { RetentionSpans } from '../../../../protocol/retention.ts';
import { useCommand } from '../../../bridge/use-engine.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { TextField } from '../../../design/fields.tsx';
import { useReplyText } from '../../../design/message.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { useFormats, useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { ShrinkDialog } from './shrink-dialog.tsx';
import { changesOf, daysOf, formOf, SPANS, type SpanName, shrinking, spansTyped } from './spans.ts';
import { words } from './words.ts';

interface SpansProps {
  readonly path: string;
  readonly kept: RetentionResult;
  readonly mayChange: boolean;
}

/** What is asked about: other spans, or those of the server, which are not known before. */
type Asked = { readonly kind: 'spans'; readonly spans: RetentionSpans } | { readonly kind: 'usual' };

export function SpansCard({ path, kept, mayChange }: SpansProps) {
  const w = useWords(words);
  const [editing, setEditing] = useState(false);
  const { asked, ask, save, busy, forget } = useSave(path, kept.spans, () => setEditing(false));
  return (
    <Card
      title={w.title}
      lead={w.lead}
      actions={
        mayChange &&
        !editing && (
          <>
            {kept.isOwn && (
              <Button size="small" variant="quiet" onClick={() => ask({ kind: 'usual' })}>
                {w.usual}
              </Button>
            )}
            <Button size="small" onClick={() => setEditing(true)}>
              {w.change}
            </Button>
          </>
        )
      }
    >
      <div className={classes['stack']}>
        {editing ? (
          <SpansForm
            kept={kept}
            busy={busy}
            onSave={(spans) => ask({ kind: 'spans', spans })}
            onCancel={() => setEditing(false)}
          />
        ) : (
          <SpansShown spans={kept.spans} />
        )}
        {kept.held && <p className={classes['strong']}>{w.heldAll}</p>}
        <p className={classes['quiet']}>
          {kept.isOwn ? w.ownPolicy : w.server} {w.always} {!mayChange && w.onlyOwner}
        </p>
      </div>
      {asked !== null && (
        <ShrinkDialog
          changes={asked.kind === 'spans' ? shrinking(changesOf(kept.spans, asked.spans)) : null}
          busy={busy}
          onKeep={forget}
          onShrink={() => void save(asked)}
        />
      )}
    </Card>
  );
}

/** Where something shrinks, it is asked first; what only grows is saved at once. */
function useSave(path: string, before: RetentionSpans, onSaved: () => void) {
  const w = useWords(words);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('retention.set');
  const [asked, setAsked] = useState<Asked | null>(null);
  const save = async (wanted: Asked) => {
    const reply = await run(wanted.kind === 'usual' ? { path, usual: true } : { path, ...wanted.spans });
    setAsked(null);
    if (reply.kind !== 'ok') return complain(text(reply));
    onSaved();
    say(w.saved);
  };
  const ask = (wanted: Asked) => {
    if (wanted.kind === 'usual' || shrinking(changesOf(before, wanted.spans)).length > 0) setAsked(wanted);
    else if (changesOf(before, wanted.spans).length === 0) onSaved();
    else void save(wanted);
  };
  return { asked, ask, save, busy, forget: () => setAsked(null) };
}

function SpansShown({ spans }: { readonly spans: RetentionSpans }) {
  const w = useWords(words);
  const formats = useFormats();
  return (
    <dl className={classes['facts']}>
      {SPANS.map((name) => {
        const days = daysOf(spans[name]);
        return (
          <div key={name} className={classes['fact']}>
            <dt>{w.what(name)}</dt>
            <dd>{w.days(formats.count(days), days === 1)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function SpansForm({
  kept,
  busy,
  onSave,
  onCancel,
}: {
  readonly kept: RetentionResult;
  readonly busy: boolean;
  readonly onSave: (spans: RetentionSpans) => void;
  readonly onCancel: () => void;
}) {
  const w = useWords(words);
  const [form, setForm] = useState(() => formOf(kept.spans));
  const typed = spansTyped(form, kept.spans);
  const faultOf = (name: SpanName) => {
    if (typed.kind !== 'wrong' || typed.name !== name) return null;
    return typed.why === 'number' ? w.badNumber : w.badOrder;
  };
  return (
    <form
      className={classes['stack']}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.kind === 'spans' && !busy) onSave(typed.spans);
      }}
    >
      <p className={classes['quiet']}>{w.unit}</p>
      <div className={classes['row']}>
        {SPANS.map((name) => (
          <TextField
            key={name}
            label={w.what(name)}
            type="number"
            value={form[name]}
            fault={faultOf(name)}
            onChange={(value) => setForm({ ...form, [name]: value })}
          />
        ))}
      </div>
      <div className={classes['buttons']}>
        <Button type="submit" variant="primary" busy={busy} disabled={typed.kind === 'wrong'}>
          {w.save}
        </Button>
        <Button onClick={onCancel}>{w.cancel}</Button>
      </div>
    </form>
  );
}
