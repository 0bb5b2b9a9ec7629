/** Why the version that is looked at is kept and until when, and its label. */
import { Tag } from 'lucide-react';
import { useState } from 'react';
import type { VersionRow } from '../../../ipc/shapes.ts';
import { labelText } from '../../../protocol/retention.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/fields.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import { MadeFrom } from './crossed.tsx';
import classes from './history.module.css';
import { keptWords } from './kept-words.ts';

interface LabelProps {
  readonly node: string;
  readonly chosen: VersionRow;
}

export function VersionLabel({ node, chosen }: LabelProps) {
  const w = useWords(keptWords);
  const formats = useFormats();
  const [naming, setNaming] = useState(false);
  const sentence = useKeptSentence(chosen);
  const { label } = chosen;
  if (label === undefined) return null;
  return (
    <div className={classes['kept']}>
      {label !== null && (
        <span title={w.by(inSentence(label.user), inSentence(label.device), formats.moment(label.at))}>
          <Badge tone="info">{inSentence(label.name)}</Badge>
        </span>
      )}
      {sentence !== null && <span className={classes['quiet']}>{sentence}</span>}
      <MadeFrom version={chosen} />
      <Button size="small" variant="quiet" icon={<Tag />} onClick={() => setNaming(true)}>
        {label === null ? w.give : w.change}
      </Button>
      {naming && <LabelDialog node={node} chosen={chosen} onClose={() => setNaming(false)} />}
    </div>
  );
}

function useKeptSentence({ kept }: VersionRow): string | null {
  const w = useWords(keptWords);
  const formats = useFormats();
  if (kept === undefined) return null;
  const day = kept.until === null ? '' : formats.day(kept.until);
  switch (kept.why) {
    case 'current':
      return null;
    case 'labelled':
      return w.labelled;
    case 'conflict':
      return w.conflict;
    case 'held':
      return w.held;
    case 'policy':
      return w.policy(day);
    case 'trash':
      return w.trash(day);
    case 'leaving':
      return w.leaving(day);
  }
}

function LabelDialog({ node, chosen, onClose }: LabelProps & { readonly onClose: () => void }) {
  const w = useWords(keptWords);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand('label');
  const [name, setName] = useState(chosen.label?.name ?? '');
  const [touched, setTouched] = useState(false);
  const wanted = labelText(name);
  const put = async (to: string | null) => {
    const reply = await run({ node, version: chosen.version, name: to });
    onClose();
    if (reply.kind !== 'ok') complain(text(reply));
    else say(to === null ? w.removed : w.given(inSentence(to)));
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.title(formats.count(chosen.number))}
      lead={w.lead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          {chosen.label && (
            <Button busy={busy} onClick={() => void put(null)}>
              {w.remove}
            </Button>
          )}
          <Button variant="primary" busy={busy} disabled={wanted === null} onClick={() => void put(wanted)}>
            {w.save}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== null) void put(wanted);
        }}
      >
        <TextField
          label={w.name}
          hint={w.hint}
          value={name}
          onChange={(next) => {
            setName(next);
            setTouched(true);
          }}
          fault={touched && wanted === null ? w.fault : null}
          autoFocus
        />
      </form>
    </Dialog>
  );
}
