/** The two answers. Keeping is one press; the other one repeats its numbers first. */
import { useState } from 'react';
import type { Params } from '../../../ipc/contract.ts';
import type { ReviewRow } from '../../../ipc/review.ts';
import { goTo } from '../../bridge/router.ts';
import { useCommand } from '../../bridge/use-engine.ts';
import { useNow } from '../../bridge/use-now.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { useReplyText } from '../../design/message.tsx';
import { useToasts } from '../../design/toasts.tsx';
import { useFormats, useLanguage, useWords } from '../../words/language.tsx';
import { evidenceOf } from './evidence.ts';
import classes from './review.module.css';
import { words } from './words.ts';

export function Decide({ batch }: { readonly batch: ReviewRow }) {
  const w = useWords(words);
  const [asking, setAsking] = useState(false);
  const reject = useDecision('review.reject', batch, { id: batch.id });
  const isDelete = batch.what === 'delete';
  const isSending = batch.direction === 'sending';
  const keep = isDelete ? (isSending ? w.keepDelete : w.keepDeleteThere) : w.keepOverwrite;
  const go = isDelete
    ? isSending
      ? w.goDelete
      : w.goDeleteThere
    : isSending
      ? w.goOverwrite
      : w.goOverwriteThere;
  return (
    <div className={classes['decide']}>
      <Button variant="primary" busy={reject.busy} onClick={() => void reject.decide()}>
        {keep}
      </Button>
      <Button disabled={reject.busy} onClick={() => setAsking(true)}>
        {go}
      </Button>
      <p>{w.goHint}</p>
      {asking && <Confirm batch={batch} go={go} onClose={() => setAsking(false)} />}
    </div>
  );
}

function Confirm({
  batch,
  go,
  onClose,
}: {
  readonly batch: ReviewRow;
  readonly go: string;
  readonly onClose: () => void;
}) {
  const w = useWords(words);
  const now = useNow(60_000);
  const approve = useDecision('review.approve', batch, { id: batch.id, files: batch.files });
  const { files, size, share, folder } = evidenceOf(batch, useLanguage(), now);
  const isDelete = batch.what === 'delete';
  return (
    <Dialog
      open
      onClose={onClose}
      title={isDelete ? w.confirmTitleDelete(files) : w.confirmTitleOverwrite(files)}
      lead={(isDelete ? w.confirmDelete : w.confirmOverwrite)(files, size, share, folder)}
      actions={
        <>
          <Button variant="primary" onClick={onClose}>
            {w.cancel}
          </Button>
          <Button
            variant="danger"
            busy={approve.busy}
            onClick={() => {
              void approve.decide().then(onClose);
            }}
          >
            {go}
          </Button>
        </>
      }
    />
  );
}

function useDecision<M extends 'review.approve' | 'review.reject'>(
  method: M,
  batch: ReviewRow,
  params: Params<M>,
) {
  const w = useWords(words);
  const formats = useFormats();
  const { say, complain } = useToasts();
  const text = useReplyText();
  const { busy, run } = useCommand(method);
  const decide = async () => {
    const reply = await run(params);
    if (reply.kind !== 'ok') return complain(text(reply));
    const { decision, files: count } = reply.value;
    const files = w.files(formats.count(count), count === 1);
    if (decision === 'rejected') say(count === 1 ? w.keptOne : w.kept(files));
    else say(batch.what === 'delete' ? w.deleted(files) : w.overwritten(files));
    goTo('/review');
  };
  return { busy, decide };
}
