/** Conflicts of every kind, for the everyday scene and for scenes of their own. */
import type { ConflictRow, ConflictShown, ConflictSide } from '../../../src/ipc/conflicts.ts';
import type { VersionRow } from '../../../src/ipc/shapes.ts';
import { DAY, HOUR, MINUTE, NOW, ok, type Replies } from './scene.ts';

const ANNA = { device: 'Anna-Laptop', user: 'anna' };
const BEN = { device: 'Studio-PC', user: 'ben' };
const MACBOOK = { device: 'Anna-MacBook', user: 'anna' };

/** PDFs of the stage are told by the first part of their version. */
export const PDF_VERSION = 'bdfbdfbdfbdf';
const mark = (path: string) => (path.endsWith('.pdf') ? PDF_VERSION : 'c0c0c0c0c0c0');
const nodeOf = (conflict: number, copy: boolean) =>
  `01990000-0000-7000-8000-${String(conflict * 2 + (copy ? 1 : 0)).padStart(12, '0')}`;

type SideAbout = Partial<ConflictSide> & { readonly device: string; readonly user: string };
interface About {
  readonly number: number;
  readonly cause: ConflictRow['cause'];
  readonly path: string;
  readonly at: number;
  readonly ancestor: number | null;
  readonly original: SideAbout;
  readonly copy: SideAbout;
  /** This device made the copy, the original, or neither. */
  readonly mine: 'copy' | 'original' | 'neither';
  readonly row?: Partial<ConflictRow>;
}

function side(about: About, role: 'original' | 'copy'): ConflictSide {
  const own = about[role];
  const isCopy = role === 'copy';
  const number = isCopy ? 1 : (about.ancestor ?? 0) + 1;
  return {
    node: nodeOf(about.number, isCopy),
    role,
    path: isCopy ? copyPathOf(about) : about.path,
    version: `${mark(about.path)}.${about.number * 100 + (isCopy ? 50 : number)}`,
    number,
    size: 9_300 + number * 41,
    pathThen: about.path,
    kind: 'file',
    content: `${about.number}-${role}`,
    at: about.at,
    editedAt: about.at - MINUTE,
    ...own,
  };
}

function copyPathOf({ path, copy }: About): string {
  const dot = path.lastIndexOf('.');
  return `${path.slice(0, dot)} (conflict - ${copy.device}, ${copy.user}, 2026-09-18 14.02)${path.slice(dot)}`;
}

function rowOf(about: About): ConflictRow {
  const original = side(about, 'original');
  const copy = side(about, 'copy');
  return {
    id: `c-${about.number}`,
    cause: about.cause,
    status: 'open',
    path: about.path,
    copyPath: copy.path,
    at: about.at,
    ancestor: about.ancestor,
    mine: about.mine === 'copy' ? copy : original,
    theirs: about.mine === 'copy' ? original : copy,
    sentence: '',
    resolution: null,
    ...about.row,
  };
}

const GONE = { kind: 'deleted', version: null, number: null, size: null, path: null, content: null } as const;
const ABOUTS: readonly About[] = [
  {
    number: 1,
    cause: 'offline',
    path: 'Projects/Harbour/roadmap.md',
    at: NOW - 2 * HOUR,
    ancestor: 18,
    mine: 'copy',
    original: { ...BEN, at: NOW - 6 * HOUR, editedAt: NOW - 6 * HOUR, pathThen: 'Projects/roadmap.md' },
    copy: { ...ANNA, at: NOW - 2 * HOUR, editedAt: NOW - 22 * HOUR, pathThen: 'Projects/roadmap.md' },
  },
  {
    number: 2,
    cause: 'concurrent',
    path: 'Projects/Harbour/photos/quay-east-04.png',
    at: NOW - 3 * HOUR,
    ancestor: 2,
    mine: 'copy',
    original: { ...BEN, size: 4_821_330 },
    copy: { ...ANNA, size: 4_790_102 },
  },
  {
    number: 3,
    cause: 'edit-delete',
    path: 'Notes/ideas.txt',
    at: NOW - 5 * HOUR,
    ancestor: 7,
    mine: 'copy',
    original: { ...BEN, ...GONE, at: NOW - 7 * HOUR, editedAt: NOW - 7 * HOUR },
    copy: { ...ANNA, path: 'Notes/ideas.txt', number: 8 },
    row: { copyPath: null },
  },
  {
    number: 4,
    cause: 'name-clash',
    path: 'Notes/minutes-13.md',
    at: NOW - DAY,
    ancestor: null,
    mine: 'original',
    original: { ...ANNA },
    copy: { ...BEN },
  },
  {
    number: 5,
    cause: 'lag',
    path: 'Projects/Harbour/budget.pdf',
    at: NOW - 26 * HOUR,
    ancestor: 4,
    mine: 'neither',
    original: { ...BEN, size: 220_111 },
    copy: { ...MACBOOK, size: 219_870, editedAt: NOW - 26 * HOUR + 47 * MINUTE },
  },
  {
    number: 6,
    cause: 'concurrent',
    path: 'Notes/reading list.md',
    at: NOW - 2 * DAY,
    ancestor: 40,
    mine: 'copy',
    original: { ...BEN, content: 'same' },
    copy: { ...ANNA, content: 'same' },
  },
];
export const CONFLICTS: readonly ConflictRow[] = ABOUTS.map(rowOf);

export const SETTLED: readonly ConflictRow[] = [
  { path: 'Archive/2025/minutes-12.md', keep: 'merged', by: ANNA, ago: 3 * HOUR, undoable: true },
  { path: 'Projects/Harbour/tide-table.csv', keep: 'theirs', by: BEN, ago: DAY, undoable: true },
  { path: 'Projects/Harbour/logo.svg', keep: 'both', by: MACBOOK, ago: 9 * DAY, undoable: false },
].map(({ path, keep, by, ago, undoable }, index) => ({
  ...rowOf({
    number: 20 + index,
    cause: 'concurrent',
    path,
    at: NOW - ago - HOUR,
    ancestor: 3,
    mine: 'copy',
    original: BEN,
    copy: ANNA,
  }),
  status: 'resolved',
  copyPath: null,
  resolution: { keep, ...by, at: NOW - ago, undoable },
}));

function versionRow(row: ConflictRow, number: number, about: Partial<VersionRow>): VersionRow {
  return {
    version: `${mark(row.path)}.${Number(row.id.slice(2)) * 100 + number}`,
    number,
    base: null,
    kind: 'file',
    size: 9_300 + number * 41,
    executable: false,
    ...BEN,
    reason: 'edited',
    content: `v${number}`,
    at: NOW - 3 * DAY,
    editedAt: NOW - 3 * DAY,
    current: false,
    ...about,
  };
}

/** A side's newest version as the lineage has it. */
function headOf(row: ConflictRow, which: 'mine' | 'theirs', base: string | null): ConflictShown['lineage'] {
  const { version, number, size, device, user, at, editedAt, role, content } = row[which];
  if (version === null || number === null) return [];
  const head = versionRow(row, number, {
    version,
    base,
    size: size ?? 0,
    device,
    user,
    at,
    editedAt,
    content: content ?? '',
    reason: base === null ? 'created' : role === 'copy' ? 'forked' : 'edited',
    current: true,
  });
  return [{ side: which, node: row[which].node, version: head }];
}

export function shownOf(row: ConflictRow): ConflictShown {
  const node = row.mine.role === 'original' ? row.mine.node : row.theirs.node;
  const ancestor = row.ancestor === null ? null : versionRow(row, row.ancestor, {});
  const start = ancestor?.version ?? null;
  const both: ConflictShown['lineage'] = ancestor === null ? [] : [{ side: 'both', node, version: ancestor }];
  const heads = [...headOf(row, 'theirs', start), ...headOf(row, 'mine', start)];
  const later = row.id === 'c-1' ? laterEdits(row, heads) : heads;
  return {
    ...row,
    lineage: [...both, ...later],
    base: ancestor === null ? null : { node, version: ancestor },
  };
}

/** Ben went on after the clash. */
function laterEdits(row: ConflictRow, heads: ConflictShown['lineage']): ConflictShown['lineage'] {
  const theirs = heads.find((each) => each.side === 'theirs');
  if (theirs === undefined) return heads;
  const first = { ...theirs, version: { ...theirs.version, current: false } };
  const next = versionRow(row, 20, {
    base: theirs.version.version,
    at: NOW - HOUR,
    editedAt: NOW - HOUR,
    current: true,
  });
  return [first, ...heads.filter((each) => each.side === 'mine'), { ...theirs, version: next }];
}

const BASE_TEXT = `# Harbour roadmap

## This summer

- Repair the east quay
- New lights for the slipway
- Ask the council about parking

## Autumn

- Dredge the inner basin
- Paint the boathouse

## People

- Anna: plans and budget
- Ben: works on site

## Notes

The quay wall was last repaired in 1998. The survey from March found three cracks below
the water line, none of them wider than a finger. The stones can be reused.

Parking stays as it is until the council has answered. The lights were ordered in May
and arrive in two deliveries.

Everything else waits for the budget.
`;
const THEIRS_TEXT = BASE_TEXT.replace('- Repair the east quay', '- Repair the east quay (done by 20 August)')
  .replace('- Paint the boathouse', '- Paint the boathouse, dark green\n- Order rope and fenders')
  .replace('none of them wider than a finger', 'one of them as wide as a hand');
const MINE_TEXT = BASE_TEXT.replace(
  '- New lights for the slipway',
  '- New lights for the slipway and the steps',
)
  .replace('- Ben: works on site', '- Ben: works on site\n- Carla: boats and moorings')
  .replace('none of them wider than a finger', 'none of them wider than a thumb');

export function textOf(node: string, version: string): string {
  if (version.startsWith(PDF_VERSION)) return '';
  if (version.endsWith('.18') || /\.\d*18$/.test(version)) return BASE_TEXT;
  return version.endsWith('50') || node.endsWith('1') || node.endsWith('3') ? MINE_TEXT : THEIRS_TEXT;
}

export const conflictReplies: Replies = {
  'conflicts.list': ({ status = 'open' }) => {
    const conflicts = status === 'open' ? [...CONFLICTS] : [...SETTLED];
    return ok({ conflicts, next: null, total: conflicts.length });
  },
  'conflicts.show': ({ id }) => {
    const row = [...CONFLICTS, ...SETTLED].find((each) => each.id === id);
    return row === undefined ? { kind: 'refused', code: 'not-found', facts: {} } : ok(shownOf(row));
  },
  'conflicts.resolve': ({ id, keep }) => {
    const row = CONFLICTS.find((each) => each.id === id);
    if (row === undefined) return { kind: 'refused', code: 'not-found', facts: {} };
    return ok({ id, keep, path: row.path, copyPath: keep === 'both' ? row.copyPath : null, sentence: '' });
  },
  'conflicts.undo': ({ id }) =>
    ok({ id, path: CONFLICTS.find((each) => each.id === id)?.path ?? '', sentence: '' }),
};
