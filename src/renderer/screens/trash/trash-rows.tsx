import { File, Folder, Link, Users } from 'lucide-react';
import type { TrashRow } from '../../../ipc/history.ts';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { classNames } from '../../design/class-names.ts';
import { NameText, PathText } from '../../design/path-text.tsx';
import { useFormats, useWords } from '../../words/language.tsx';
import { inSentence } from '../../words/visible-text.ts';
import classes from './trash.module.css';
import type { BatchHead } from './trash-entries.ts';
import type { Restored } from './use-restore.ts';
import { words } from './words.ts';

interface RowProps {
  readonly now: number;
  readonly busy: boolean;
  readonly onRestore: (what: Restored) => void;
}

/** "ben · Studio-PC · 14:02 · 1,204 items", and all of them back with one press. */
export function BatchRow({
  head,
  searching,
  now,
  busy,
  onRestore,
}: RowProps & { readonly head: BatchHead; readonly searching: boolean }) {
  const w = useWords(words);
  const formats = useFormats();
  const tally = head.tally();
  const count = formats.count(tally.things);
  const one = tally.things === 1;
  const when = formats.shortMoment(head.deletedAt, now);
  return (
    <div className={classNames(classes['row'], classes['head'])}>
      <Users aria-hidden="true" />
      <h2 className={classes['text']}>
        <span className={classes['title']}>
          <NameText name={head.user} /> · <NameText name={head.device} /> · {when}
        </span>
        <span className={classes['about']}>
          {searching ? w.found(count, one) : tally.open ? w.thingsSoFar(count) : w.things(count, one)}
        </span>
      </h2>
      <Button
        size="small"
        disabled={busy}
        aria-label={w.bringBackAllOf(inSentence(head.user), when)}
        onClick={() => onRestore({ batch: head.batch })}
      >
        {w.bringBackAll}
      </Button>
    </div>
  );
}

const ICONS = { file: File, folder: Folder, symlink: Link } as const;

export function ItemRow({
  item,
  inBatch,
  now,
  busy,
  onRestore,
}: RowProps & { readonly item: TrashRow; readonly inBatch: boolean }) {
  const w = useWords(words);
  const Icon = ICONS[item.kind];
  return (
    <div className={classNames(classes['row'], inBatch && classes['inBatch'])}>
      <Icon aria-hidden="true" />
      <div className={classes['text']}>
        <span className={classes['path']}>
          <PathText path={item.path} />
          {item.where === 'here' && <Badge tone="info">{w.onlyHere}</Badge>}
        </span>
        <span className={classes['about']}>
          <About item={item} inBatch={inBatch} now={now} />
        </span>
      </div>
      <Button
        size="small"
        variant={inBatch ? 'quiet' : 'secondary'}
        disabled={busy}
        aria-label={w.bringBackOf(inSentence(item.path))}
        onClick={() => onRestore({ id: item.id })}
      >
        {w.bringBack}
      </Button>
    </div>
  );
}

function About({
  item,
  inBatch,
  now,
}: {
  readonly item: TrashRow;
  readonly inBatch: boolean;
  readonly now: number;
}) {
  const w = useWords(words);
  const formats = useFormats();
  const what =
    item.kind === 'folder'
      ? w.folderWith(formats.count(item.below), item.below === 1)
      : item.kind === 'symlink'
        ? w.link
        : item.size === null
          ? null
          : formats.bytes(item.size);
  return (
    <>
      {!inBatch && (
        <>
          <NameText name={item.user} /> · <NameText name={item.device} /> ·{' '}
          {formats.shortMoment(item.deletedAt, now)}
          {what !== null && ' · '}
        </>
      )}
      {what}
      {item.expiresAt !== null && ` · ${w.until(formats.day(item.expiresAt))}`}
    </>
  );
}
