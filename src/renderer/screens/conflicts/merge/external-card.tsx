/** How the merge program stands: said where the decision is made, with what to do next. */
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { useLive } from '../../../bridge/live-state.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { visibleText } from '../../../design/path-text.tsx';
import { useWords } from '../../../words/language.tsx';
import { useExternal } from './use-external.ts';
import { words } from './words.ts';

export function ExternalCard({
  row,
  onSettled,
}: {
  readonly row: ConflictRow;
  readonly onSettled: () => void;
}) {
  const w = useWords(words);
  const state = useLive((live) => live.mergeTools[row.id]);
  const { open, take, busy } = useExternal(row);
  if (state === undefined || row.status !== 'open') return null;
  const { stage, detail } = state;
  const use = async () => {
    if (await take()) onSettled();
  };
  const text =
    stage === 'opened'
      ? w.opened
      : stage === 'changed'
        ? w.changed
        : stage === 'closed'
          ? w.closed
          : w.failed(visibleText(detail));
  return (
    <div role="status">
      <Card
        tone={stage === 'failed' ? 'bad' : 'accent'}
        title={w.externalTitle}
        lead={text}
        actions={
          <>
            {stage !== 'opened' && <Button onClick={() => void open()}>{w.again}</Button>}
            {(stage === 'changed' || stage === 'closed') && (
              <Button variant="primary" busy={busy} onClick={() => void use()}>
                {w.useIt}
              </Button>
            )}
          </>
        }
      />
    </div>
  );
}
