/** Parts that pages have in common. */
import { assertNever } from '../../src/protocol/assert-never.ts';
import type { KeptWhy } from '../../src/protocol/retention.ts';
import type { Decision } from '../metadata/job-rows.ts';
import type {
  Action,
  ChangeLine,
  ChunkState,
  ConflictLine,
  NodeLine,
  Reach,
  VersionLine,
  Who,
} from './answer.ts';
import {
  type Block,
  bytes,
  type Cell,
  count,
  id,
  mark,
  name,
  plural,
  type Section,
  text,
  time,
} from './page.ts';

export const whoCells = ({ user, deviceName, device }: Who): readonly Cell[] => [
  name(user),
  text('on'),
  name(deviceName, device),
];

export const nodeAbout = ({ namespace, node }: Pick<NodeLine, 'namespace' | 'node'>) =>
  `${namespace}:${node}`;

export const nodeCell = (at: NodeLine): Cell => name(at.path, nodeAbout(at));

export const lifeCell = ({ live }: NodeLine): Cell =>
  live ? mark('lives', 'good') : mark('deleted', 'careful');

const KEPT: Readonly<Record<KeptWhy, string>> = {
  current: 'is the content now',
  labelled: 'kept: it has a name',
  conflict: 'kept: a conflict needs it',
  held: 'kept: held',
  policy: 'kept by the policy',
  trash: 'kept in the trash',
  leaving: 'leaving',
};

export function keptCell({ kept, isHead }: VersionLine): Cell {
  if (kept === null) return mark('let go', 'careful');
  const until = kept.until === null ? '' : ` until ${new Date(kept.until).toISOString().slice(0, 10)}`;
  return mark(`${KEPT[kept.why]}${until}`, isHead ? 'good' : kept.why === 'leaving' ? 'careful' : 'plain');
}

export function versionTable(versions: readonly VersionLine[], of: readonly VersionLine[] = versions): Block {
  const numbers = new Map(of.map(({ version, number }) => [version, number]));
  return {
    kind: 'table',
    columns: ['Version', 'From', 'Committed', 'By', 'Key', 'Outcome', 'Size', 'Standing'],
    rows: versions.map((each) => [
      id(`V${each.number}`, each.version),
      text(each.base === null ? 'nothing' : baseName(each.base, numbers)),
      time(each.at),
      name(`${each.by.user}, ${each.by.deviceName}`, each.by.device),
      text(each.key === null ? 'not recorded' : String(each.key)),
      text(each.outcome ?? 'not kept'),
      text(each.content.kind === 'file' ? bytes(each.content.size) : 'a link'),
      keptCell(each),
    ]),
    empty: 'No version: it is a folder.',
  };
}

function baseName(
  base: VersionLine['version'],
  numbers: ReadonlyMap<VersionLine['version'], number>,
): string {
  const number = numbers.get(base);
  return number === undefined ? base : `V${number}`;
}

export function changeTable(changes: readonly ChangeLine[], empty: string): Block {
  return {
    kind: 'table',
    columns: ['Change', 'When', 'What', 'Name', 'In', 'By', 'Key'],
    rows: changes.map((each) => [
      text(count(each.seq)),
      time(each.at),
      text(each.withAllBelow ? `${each.cause}, with all below` : each.cause),
      name(each.name, nodeAbout(each)),
      name(each.folder),
      name(`${each.by.user}, ${each.by.deviceName}`, each.by.device),
      text(each.key === null ? 'not recorded' : String(each.key)),
    ]),
    empty,
  };
}

export function verdictCell(verdict: Reach['verdict'], behind: number): Cell {
  switch (verdict) {
    case 'has-it':
      return mark(behind === 0 ? 'has everything' : 'has it', 'good');
    case 'behind':
      return mark(`${plural(behind, 'change')} behind`, 'careful');
    case 'other-epoch':
      return mark('is in an epoch that is over', 'careful');
    case 'never-acknowledged':
      return mark('never acknowledged anything', 'bad');
    default:
      return assertNever(verdict, 'verdict');
  }
}

/** Told to look, and did it look? */
export function wakeCells(wake: Reach['wake']): readonly Cell[] {
  if (wake === null) return [text('only the running server knows')];
  const { wokenAt, pulledAt } = wake;
  if (wokenAt === null) return [text('not woken since the server started')];
  if (pulledAt === null || pulledAt < wokenAt)
    return [mark('woken, and has not pulled since', 'careful'), time(wokenAt)];
  return [mark('pulled', 'good'), time(pulledAt)];
}

export function reachSection(reach: readonly Reach[]): Section {
  return {
    heading: 'Which devices have heard of it',
    blocks: [
      {
        kind: 'table',
        columns: ['Device', 'User', 'Standing', 'Acknowledged', 'When', 'Notified'],
        rows: reach.map((each) => [
          name(each.by.deviceName, each.by.device),
          name(each.by.user),
          verdictCell(each.verdict, each.behind),
          text(each.ackedSeq === null ? 'nothing' : count(each.ackedSeq)),
          time(each.ackedAt),
          ...wakeCells(each.wake).slice(0, 1),
        ]),
        empty: 'No device syncs this.',
      },
    ],
  };
}

export function conflictTable(conflicts: readonly ConflictLine[], empty: string): Block {
  return {
    kind: 'table',
    columns: ['When', 'Conflict', 'Cause', 'Standing', 'Where', 'By'],
    rows: conflicts.map((each) => [
      time(each.at),
      id(each.conflict.slice(-8), `${each.namespace}:${each.conflict}`),
      causeCell(each.cause),
      each.status === 'open' ? mark('open', 'careful') : mark('settled', 'good'),
      each.path === null ? text('not recorded') : name(each.path),
      name(`${each.by.user}, ${each.by.deviceName}`, each.by.device),
    ]),
    empty,
  };
}

export const causeCell = (cause: ConflictLine['cause']): Cell =>
  mark(cause, cause === 'lag' ? 'bad' : 'plain');

export function decisionTable(decisions: readonly Decision[]): Block {
  return {
    kind: 'table',
    columns: ['When', 'Job', 'Decision', 'About', 'Why'],
    rows: decisions.map((each) => [
      time(each.at),
      text(each.job),
      mark(
        each.decision,
        /erased|released|stopped|damaged|unreadable/.test(each.decision) ? 'careful' : 'plain',
      ),
      decisionSubject(each.subject),
      text(each.why),
    ]),
    empty: 'No job decided anything about it, as far as is remembered.',
  };
}

/** Subjects begin with what they are: what can be asked about is a link. */
function decisionSubject(subject: string): Cell {
  const [, sort, about] = /^(chunk|version|node) (\S+)$/.exec(subject) ?? [];
  if (sort === undefined || about === undefined) return text(subject);
  return id(`${sort} ${about.length > 20 ? `${about.slice(0, 12)}…` : about}`, about);
}

export const decisionSection = (decisions: readonly Decision[]): Section => ({
  heading: 'What jobs decided',
  blocks: [decisionTable(decisions)],
});

export const actionSection = (actions: readonly Action[]): Section => ({
  heading: 'What can be done',
  blocks: [
    { kind: 'words', words: 'What only looks comes first. Nothing here is done by this page.' },
    { kind: 'commands', actions },
  ],
});

export const STATE: Readonly<Record<ChunkState, Cell>> = {
  stored: mark('stored', 'good'),
  quarantined: mark('quarantined, still readable', 'careful'),
  damaged: mark('damaged', 'bad'),
  missing: mark('missing', 'bad'),
};
