import { GitFork } from 'lucide-react';
import type { ConflictRow } from '../../../../ipc/conflicts.ts';
import { Button } from '../../../design/button.tsx';
import { useWords } from '../../../words/language.tsx';
import { words as listWords } from '../list/words.ts';
import { PartsText } from '../parts-text.tsx';
import { storyOf } from '../story.ts';
import { quoted, useUndo } from '../use-settle.ts';
import { useTelling } from '../use-telling.ts';
import classes from './one.module.css';
import { words } from './words.ts';

/** Who did what, and why it clashed; how it was settled, when it was. */
export function Story({ row }: { readonly row: ConflictRow }) {
  const w = useWords(words);
  const l = useWords(listWords);
  const telling = useTelling();
  const { busy, undo } = useUndo();
  const { resolution } = row;
  return (
    <section className={classes['story']} aria-label={w.story}>
      <span className={classes['storyIcon']} aria-hidden="true">
        <GitFork />
      </span>
      <div className={`${classes['storyText']} selectable`}>
        <p data-testid="story">
          {storyOf(row, telling).map((sentence, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: sentences in their order
            <span key={index} className={index > 1 ? classes['aside'] : undefined}>
              <PartsText parts={sentence} />{' '}
            </span>
          ))}
        </p>
        {resolution !== null && (
          <p className={classes['settled']}>
            {l.kept(resolution.keep)}.{' '}
            {w.settledStory(
              quoted(resolution.user),
              quoted(resolution.device),
              telling.formats.shortMoment(resolution.at, telling.now),
            )}{' '}
            {resolution.undoable && (
              <Button size="small" busy={busy} onClick={() => void undo(row)}>
                {w.undo}
              </Button>
            )}
          </p>
        )}
      </div>
    </section>
  );
}
