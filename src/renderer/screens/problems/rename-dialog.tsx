/** A new name for everyone: what cannot stay is marked, and one that every system can hold is proposed. */

import { type FormEvent, useId, useState } from 'react';
import { baseName } from '../../../core/names/path-parts.ts';
import type { ProblemRow } from '../../../ipc/shapes.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/fields.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useWords } from '../../words/language.tsx';
import { inSentence, visibleText } from '../../words/visible-text.ts';
import { problemWords } from './causes.ts';
import { markedName, type NameFault, nameFault, proposedName, troublesOf } from './legal-name.ts';
import classes from './problems.module.css';

interface RenameProps {
  readonly problem: ProblemRow;
  readonly onClose: () => void;
}

export function RenameDialog({ problem, onClose }: RenameProps) {
  const w = useWords(problemWords);
  const form = useId();
  const before = baseName(problem.path);
  const [name, setName] = useState(() => proposedName(before, problem.code === 'case-twin'));
  const [refusal, setRefusal] = useState<string | null>(null);
  const { busy, run } = useCommand('problems.remedy');
  const { say } = useToasts();
  const replyText = useReplyText();
  const fault = nameFault(name, before);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (fault !== null || busy) return;
    const reply = await run({ path: problem.path, code: problem.code, remedy: 'rename', name });
    if (reply.kind !== 'ok') {
      setRefusal(replyText(reply));
      return;
    }
    say(w.renamed(inSentence(name)));
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={w.dialogTitle}
      lead={w.dialogLead}
      actions={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" form={form} variant="primary" busy={busy} disabled={fault !== null}>
            {w.rename}
          </Button>
        </>
      }
    >
      <NameNow name={before} />
      <form id={form} onSubmit={(event) => void submit(event)}>
        <TextField
          label={w.newName}
          value={name}
          fault={refusal ?? faultText(fault, w)}
          autoFocus
          onChange={(next) => {
            setName(next);
            setRefusal(null);
          }}
        />
      </form>
    </Dialog>
  );
}

function NameNow({ name }: { readonly name: string }) {
  const w = useWords(problemWords);
  const parts = markedName(name);
  const reasons = troublesOf(name);
  return (
    <div className={classes['nameNow']}>
      <p className={classes['label']}>{w.nameNow}</p>
      <p className={classes['marked']}>
        <bdi>
          {parts.map((part, index) =>
            part.offends ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one name, in order
              <mark key={index}>{part.text === ' ' ? '␣' : visibleText(part.text)}</mark>
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one name, in order
              <span key={index}>{visibleText(part.text)}</span>
            ),
          )}
        </bdi>
      </p>
      {parts.some((part) => part.offends) && <p className={classes['hint']}>{w.offending}</p>}
      {reasons.map((kind) => (
        <p key={kind} className={classes['hint']}>
          {w[kind]}
        </p>
      ))}
    </div>
  );
}

function faultText(fault: NameFault | null, w: (typeof problemWords)['en']): string | null {
  switch (fault) {
    case null:
      return null;
    case 'empty':
      return w.faultEmpty;
    case 'same':
      return w.faultSame;
    case 'reserved':
      return w.faultReserved;
    case 'separator':
      return w.faultSeparator;
    default:
      return w[fault];
  }
}
