/** Ancestor, theirs and mine beside each other: who, where, when, how large, at which path then and now. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ConflictRow, ConflictShown, ConflictSide } from '../../../../ipc/conflicts.ts';
import { Badge } from '../../../design/badge.tsx';
import { NameText, PathText } from '../../../design/path-text.tsx';
import { OpenVersionButton } from '../../../previews/version-preview.tsx';
import { useWords } from '../../../words/language.tsx';
import { SideShape } from '../lineage/side-shape.tsx';
import { clockOf, isSameContent } from '../roles.ts';
import { spanOf } from '../story.ts';
import { useTelling } from '../use-telling.ts';
import { words as common } from '../words.ts';
import { type SideLabel, useSideLabels } from './labels.ts';
import classes from './one.module.css';
import { words } from './words.ts';

type Base = ConflictShown['base'];

export function Sides({ row, base }: { readonly row: ConflictRow; readonly base: Base }) {
  const w = useWords(words);
  const labels = useSideLabels(row);
  return (
    <section className={classes['sides']} aria-label={w.sides}>
      <BaseColumn row={row} base={base} label={labels.base} />
      <SideColumn row={row} side={row.theirs} base={base} label={labels.theirs} />
      <SideColumn row={row} side={row.mine} base={base} label={labels.mine} />
    </section>
  );
}

function Column({
  label,
  badges,
  children,
}: {
  readonly label: SideLabel;
  readonly badges?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <article className={classes['side']} data-tone={label.tone}>
      <header>
        <SideShape side={label.tone === 'mine' || label.tone === 'theirs' ? label.tone : 'both'} />
        <h2>{label.title}</h2>
        {badges}
      </header>
      {children}
    </article>
  );
}

function BaseColumn({
  row,
  base,
  label,
}: {
  readonly row: ConflictRow;
  readonly base: Base;
  readonly label: SideLabel;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const { formats, now } = useTelling();
  if (base === null)
    return (
      <Column label={label}>
        <p className={classes['none']}>{row.cause === 'name-clash' ? w.noBase : w.baseNotKept}</p>
      </Column>
    );
  const { version } = base;
  return (
    <Column label={label} badges={<Badge tone="both">{c.version(formats.count(version.number))}</Badge>}>
      <dl>
        <Fact name={w.by}>
          <Who side={version} />
        </Fact>
        <Fact name={w.edited}>{formats.shortMoment(version.editedAt, now)}</Fact>
        <Fact name={w.size}>{formats.bytes(version.size)}</Fact>
      </dl>
      <OpenVersionButton node={base.node} version={version.version} />
    </Column>
  );
}

function Fact({
  name,
  long = false,
  children,
}: {
  readonly name: string;
  /** Needs the whole width. */
  readonly long?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div data-long={long || undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Who({ side }: { readonly side: { readonly user: string; readonly device: string } }) {
  const w = useWords(words);
  const { reader } = useTelling();
  const isHere = side.device === reader.device;
  const [before = '', after = ''] = w.byOn('\u0000', '').split('\u0000');
  return (
    <>
      {before}
      <NameText name={side.user} />
      {after}
      {isHere ? w.thisComputer : <NameText name={side.device} />}
    </>
  );
}

function SideColumn({
  row,
  side,
  base,
  label,
}: {
  readonly row: ConflictRow;
  readonly side: ConflictSide;
  readonly base: Base;
  readonly label: SideLabel;
}) {
  const c = useWords(common);
  const w = useWords(words);
  const { formats, now } = useTelling();
  // In other conflicts a side that is gone went later, mostly because it was settled.
  const isDeletion = row.cause === 'edit-delete' && side.kind === 'deleted';
  const isSameAsBase = base !== null && side.content !== null && side.content === base.version.content;
  return (
    <Column
      label={label}
      badges={
        <>
          {side.number !== null && <Badge tone={label.tone}>{c.version(formats.count(side.number))}</Badge>}
          {isDeletion && <Badge tone="bad">{c.deleted}</Badge>}
          {side.kind === 'symlink' && <Badge>{w.link}</Badge>}
          {side.kind === 'folder' && <Badge>{w.folder}</Badge>}
          {(isSameContent(row) || isSameAsBase) && <Badge tone="ok">{c.sameContent}</Badge>}
        </>
      }
    >
      <dl>
        <Fact name={w.by}>
          <Who side={side} />
        </Fact>
        <Fact name={isDeletion ? c.deleted : w.edited}>
          {formats.shortMoment(side.editedAt, now)}
          <ClockNote side={side} base={base} />
        </Fact>
        {side.size !== null && <Fact name={w.size}>{formats.bytes(side.size)}</Fact>}
        <Fact name={w.now} long>
          {side.path === null ? w.goneNow : <PathText path={side.path} wrap />}
        </Fact>
        {side.pathThen !== null && side.pathThen !== side.path && (
          <Fact name={w.before} long>
            <PathText path={side.pathThen} wrap />
          </Fact>
        )}
      </dl>
      {side.version !== null && side.kind === 'file' && (
        <OpenVersionButton node={side.node} version={side.version} />
      )}
    </Column>
  );
}

function ClockNote({ side, base }: { readonly side: ConflictSide; readonly base: Base }) {
  const w = useWords(words);
  const telling = useTelling();
  const clock = clockOf(side, base?.version ?? null);
  if (clock.kind === 'fine') return null;
  const by = spanOf(clock.byMs, telling);
  return (
    <span className={classes['clock']}>
      <TriangleAlert aria-hidden="true" />
      {clock.kind === 'ahead' ? w.ahead(by) : w.behind(by)} {telling.formats.moment(side.at)}
    </span>
  );
}
