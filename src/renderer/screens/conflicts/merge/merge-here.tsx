/** Merging in place: the texts, or why they cannot be merged. */
import { useState } from 'react';
import type { ConflictRow, ConflictShown } from '../../../../ipc/conflicts.ts';
import { Button } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { ErrorState, LoadingState } from '../../../design/message.tsx';
import { useVersionText } from '../../../previews/version-text.ts';
import { useFormats, useWords } from '../../../words/language.tsx';
import { contentsOf } from '../preview/versions.ts';
import { words as common } from '../words.ts';
import { MERGE_LIMIT } from './limits.ts';
import { type MergeInput, MergePanel } from './merge-panel.tsx';
import { marksFor } from './merge-text.ts';
import { words } from './words.ts';

interface MergeHereProps {
  readonly row: ConflictRow;
  readonly base: ConflictShown['base'];
  readonly onCancel: () => void;
  readonly onSettled: () => void;
}

/**
 * Merges what stood there when it began: what somebody typed is never thrown away because something newer came. It cannot
 * be saved over that either, so it is said and can be begun anew.
 */
export function MergeHere(now: MergeHereProps) {
  const w = useWords(words);
  const [start, setStart] = useState({ row: now.row, base: now.base, turn: 0 });
  const isNewer =
    now.row.status !== 'open' ||
    now.row.mine.version !== start.row.mine.version ||
    now.row.theirs.version !== start.row.theirs.version;
  return (
    <>
      {isNewer && (
        <div role="alert">
          <Card
            tone="warn"
            title={now.row.status === 'open' ? w.newer : w.settledMeanwhile}
            actions={
              now.row.status === 'open' && (
                <Button onClick={() => setStart({ row: now.row, base: now.base, turn: start.turn + 1 })}>
                  {w.beginAnew}
                </Button>
              )
            }
          />
        </div>
      )}
      <Merging key={start.turn} {...now} row={start.row} base={start.base} />
    </>
  );
}

function Merging({ row, base, onCancel, onSettled }: MergeHereProps) {
  const c = useWords(common);
  const w = useWords(words);
  const formats = useFormats();
  const contents = contentsOf(row, base);
  const before = useVersionText(contents.base, MERGE_LIMIT);
  const theirs = useVersionText(contents.theirs, MERGE_LIMIT);
  const mine = useVersionText(contents.mine, MERGE_LIMIT);
  const all = [...(contents.base === null ? [] : [before]), theirs, mine];
  const back = <Button onClick={onCancel}>{c.cancel}</Button>;
  for (const { state, again } of all)
    if (state.kind === 'failed') return <ErrorState reply={state.reply} again={again} />;
  const no = (text: string) => <Card tone="warn" title={text} actions={back} />;
  if (all.some(({ state }) => state.kind === 'loading')) return <LoadingState rows={6} />;
  const states = all.map(({ state }) => state);
  if (states.some((state) => state.kind !== 'text')) return no(w.cannot);
  if (states.some((state) => state.kind === 'text' && state.encoding !== 'utf-8')) return no(w.encodings);
  if (theirs.state.kind !== 'text' || mine.state.kind !== 'text') return no(w.cannot);
  const baseVersion = base === null ? w.before : c.version(formats.count(base.version.number));
  const input: MergeInput = {
    texts: {
      base: contents.base !== null && before.state.kind === 'text' ? before.state.text : null,
      theirs: theirs.state.text,
      mine: mine.state.text,
    },
    bom: mine.state.bom || theirs.state.bom,
    marks: marksFor(w.mineMark(row.mine.device), w.baseMark(baseVersion), w.theirsMark(row.theirs.device)),
  };
  return <MergePanel row={row} input={input} onCancel={onCancel} onSettled={onSettled} />;
}
