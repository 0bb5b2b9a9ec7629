import { useState } from 'react';
import type { EngineSettings } from '../../../../ipc/settings.ts';
import { useCommand, useEngine } from '../../../bridge/use-engine.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { TextField } from '../../../design/fields.tsx';
import { ErrorState, LoadingState, useReplyText } from '../../../design/message.tsx';
import { useToasts } from '../../../design/toasts.tsx';
import { useWords } from '../../../words/language.tsx';
import classes from '../settings.module.css';
import { ProxyCard } from './proxy-card.tsx';
import { formOf, type RateField, type RateForm, settingsOf } from './rate-form.ts';
import { ScheduleCard } from './schedule-card.tsx';
import { words } from './words.ts';

export function BandwidthSection() {
  const { value, reply, again } = useEngine('settings.get', {});
  if (value !== null) return <Form saved={value} />;
  return reply.kind === 'loading' || reply.kind === 'ok' ? (
    <LoadingState rows={5} />
  ) : (
    <ErrorState reply={reply} again={again} />
  );
}

/** Part of the form: what is in it, what is wrong, and changing it. */
export interface FormPart {
  readonly form: RateForm;
  readonly isWrong: (field: RateField) => boolean;
  readonly change: (part: Partial<RateForm>) => void;
}

function Form({ saved }: { readonly saved: EngineSettings }) {
  const w = useWords(words);
  const [typed, setTyped] = useState<RateForm | null>(null);
  const form = typed ?? formOf(saved);
  const read = settingsOf(form);
  const part: FormPart = {
    form,
    isWrong: (field) => read.kind === 'faults' && read.faults.has(field),
    change: (change) => setTyped({ ...form, ...change }),
  };
  const { busy, save } = useSave(saved, () => setTyped(null));
  const isSame = JSON.stringify(read) === JSON.stringify(settingsOf(formOf(saved)));
  return (
    <>
      <Card title={w.limits} lead={w.limitsLead}>
        <div className={classes['row']}>
          <RateInput part={part} field="up" label={w.up} />
          <RateInput part={part} field="down" label={w.down} />
        </div>
      </Card>
      <ScheduleCard {...part} />
      <ProxyCard {...part} />
      <div className={classes['buttons']}>
        <Button
          variant="primary"
          busy={busy}
          disabled={read.kind === 'faults' || isSame}
          onClick={() => read.kind === 'ok' && void save(read.settings)}
        >
          {w.save}
        </Button>
        <Button disabled={typed === null || busy} onClick={() => setTyped(null)}>
          {w.revert}
        </Button>
      </div>
    </>
  );
}

export function RateInput({
  part: { form, isWrong, change },
  field,
  label,
}: {
  readonly part: FormPart;
  readonly field: 'up' | 'down' | 'thenUp' | 'thenDown';
  readonly label: string;
}) {
  const w = useWords(words);
  return (
    <TextField
      label={label}
      type="number"
      value={form[field]}
      fault={isWrong(field) ? w.rateFault : null}
      onChange={(text) => change({ [field]: text })}
    />
  );
}

function useSave(saved: EngineSettings, onSaved: () => void) {
  const w = useWords(words);
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('settings.set');
  const undo = async (before: EngineSettings) => {
    const reply = await run({ settings: before });
    if (reply.kind === 'ok') say(w.undone);
    else complain(text(reply));
  };
  const save = async (settings: EngineSettings) => {
    const before = saved;
    const reply = await run({ settings });
    if (reply.kind !== 'ok') return complain(text(reply));
    onSaved();
    say(w.saved, () => void undo(before));
  };
  return { busy, save };
}
