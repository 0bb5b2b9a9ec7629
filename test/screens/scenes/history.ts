/** Versions, the trash, a folder as it was, and held batches. */
import type { HistoryResult, TrashRow } from '../../../src/ipc/history.ts';
import type { MomentStep } from '../../../src/ipc/moment.ts';
import type { ReviewRow } from '../../../src/ipc/review.ts';
import type { VersionRow } from '../../../src/ipc/shapes.ts';
import { DAY, HOUR, MINUTE, NOW, ok, type Replies } from './scene.ts';

const NODE = '01990000-0000-7000-8000-0000000000a1';
const GONE_NODE = '01990000-0000-7000-8000-0000000000a2';
const PHOTO_NODE = '01990000-0000-7000-8000-0000000000a3';

function versionRow(number: number, about: Partial<VersionRow>): VersionRow {
  return {
    version: `0123456789ab.${number}`,
    number,
    base: number > 1 ? `0123456789ab.${number - 1}` : null,
    kind: 'file',
    size: 9000 + number * 37,
    executable: false,
    device: 'Anna-Laptop',
    user: 'anna',
    reason: 'edited',
    content: `c${number}`,
    at: NOW,
    editedAt: NOW,
    current: false,
    ...about,
  };
}

const STUDIO = { device: 'Studio-PC', user: 'ben' };
const VERSIONS: readonly VersionRow[] = [
  versionRow(41, { at: NOW - 31 * MINUTE, current: true }),
  versionRow(40, {
    at: NOW - 3 * HOUR,
    reason: 'resolved',
    label: { name: 'sent to the printer', ...STUDIO, at: NOW - 2 * HOUR },
    kept: { why: 'labelled', until: null },
  }),
  versionRow(39, { at: NOW - 26 * HOUR, ...STUDIO }),
  versionRow(38, { at: NOW - 28 * HOUR, ...STUDIO }),
  versionRow(37, { at: NOW - 3 * DAY, reason: 'restored', content: 'c33', size: 10_221 }),
  versionRow(36, { at: NOW - 4 * DAY, device: 'Anna-Phone' }),
  ...Array.from({ length: 34 }, (_, index) =>
    versionRow(35 - index, { at: NOW - (6 + index * 2) * DAY, ...(index % 3 === 0 ? STUDIO : {}) }),
  ),
  versionRow(1, { at: NOW - 90 * DAY, reason: 'created' }),
];

const LIST = [
  '# Reading list',
  '',
  '## Now',
  '',
  '- The Shipping News, Annie Proulx',
  '- Longitude, Dava Sobel',
  '- The Sea Around Us, Rachel Carson',
  '',
  '## Next',
  '',
  '- A Place of Greater Safety, Hilary Mantel',
  '- Moby-Dick, Herman Melville (again)',
  '- The Outermost House, Henry Beston',
  '',
  '## Finished',
  '',
  ...Array.from({ length: 40 }, (_, index) => `- Book number ${index + 1}, read in ${2010 + (index % 16)}`),
];
function textOf(number: number): string {
  const lines = [...LIST];
  if (number >= 39) lines.splice(5, 0, '- Of Tides and Times, B. Harper (from Ben)');
  if (number >= 40) lines[12] = '- Moby-Dick, Herman Melville';
  if (number >= 41) lines.push('- Book number 41, read in 2026');
  return `${lines.join('\n')}\n`;
}

const live = (path: string, node: string, versions: readonly VersionRow[]): HistoryResult => ({
  path,
  nodes: [{ node, kind: 'file', live: true, path, deleted: null, versions: [...versions] }],
});
const GONE: HistoryResult['nodes'][number] = {
  node: GONE_NODE,
  kind: 'file',
  live: false,
  path: null,
  deleted: {
    at: NOW - 58 * MINUTE,
    ...STUDIO,
    wentTo: { share: 's-studio', path: 'Work/Studio/draft-old.docx', node: NODE },
  },
  versions: [3, 2, 1].map((number) =>
    versionRow(number, {
      ...STUDIO,
      at: NOW - (20 - number) * DAY,
      size: 80_000 + number * 2673,
      label: null,
      ...(number === 3
        ? { madeFrom: { share: null, path: 'Drafts/draft.docx', node: NODE, version: 'a.7', number: 7 } }
        : {}),
    }),
  ),
};

function historyOf(path: string): HistoryResult | null {
  if (path === 'Notes/reading list.md') return live(path, NODE, VERSIONS);
  if (path.endsWith('.jpg')) {
    const sizes = [5_102_330, 4_821_330];
    const photos = [2, 1].map((number, index) =>
      versionRow(number, {
        ...STUDIO,
        size: sizes[index] ?? 0,
        current: number === 2,
        at: NOW - index * DAY - HOUR,
      }),
    );
    return live(path, PHOTO_NODE, photos);
  }
  if (path === 'Projects/Harbour/draft-old.docx') return { path, nodes: [GONE] };
  if (path === 'Notes/ideas.txt') {
    const both = live(path, NODE, VERSIONS.slice(0, 4));
    return { path, nodes: [...both.nodes, { ...GONE, deleted: { at: NOW - 40 * DAY, ...STUDIO } }] };
  }
  if (path === 'Projects/Harbour') {
    return {
      path,
      nodes: [{ node: NODE, kind: 'folder', live: true, path, deleted: null, versions: [] }],
    };
  }
  return null;
}

const HARBOUR = 'Projects/Harbour';
const PLANNED: readonly Omit<MomentStep, 'node'>[] = [
  { kind: 'content', path: `${HARBOUR}/budget.csv`, to: `${HARBOUR}/budget.csv`, number: 12 },
  { kind: 'content', path: `${HARBOUR}/roadmap.xlsx`, to: `${HARBOUR}/roadmap.xlsx`, number: 18 },
  { kind: 'return', path: `${HARBOUR}/draft-old.docx`, to: `${HARBOUR}/draft-old.docx`, number: 3 },
  { kind: 'place', path: 'Archive/2025/minutes-12.md', to: `${HARBOUR}/minutes-12.md`, number: null },
  ...Array.from({ length: 210 }, (_, index) => ({
    kind: 'return' as const,
    path: `${HARBOUR}/photos/quay-${String(index + 1).padStart(3, '0')}.jpg`,
    to: `${HARBOUR}/photos/quay-${String(index + 1).padStart(3, '0')}.jpg`,
    number: 1,
  })),
];
const STEPS: readonly MomentStep[] = PLANNED.map((step, index) => ({
  ...step,
  node: `01990000-0000-7000-8000-${String(index).padStart(12, '0')}`,
}));

function trashRow(index: number, about: Partial<TrashRow>): TrashRow {
  return {
    id: `t${index}`,
    path: `${HARBOUR}/photos/quay-${String(index).padStart(4, '0')}.jpg`,
    kind: 'file',
    below: 0,
    size: 3_400_000 + index * 977,
    deletedAt: NOW - 2 * HOUR,
    ...STUDIO,
    where: 'server',
    expiresAt: NOW + 30 * DAY,
    batch: null,
    ...about,
  };
}

const TRASH: readonly TrashRow[] = [
  trashRow(1, {
    path: `${HARBOUR}/draft-old.docx`,
    size: 88_020,
    deletedAt: NOW - 58 * MINUTE,
    batch: 'b1',
  }),
  trashRow(2, {
    path: 'Notes/scratch.txt',
    size: 412,
    device: 'Anna-Laptop',
    user: 'anna',
    deletedAt: NOW - 90 * MINUTE,
    where: 'here',
    expiresAt: NOW + 29 * DAY,
  }),
  ...Array.from({ length: 1204 }, (_, index) => trashRow(index + 3, { batch: 'b2' })),
  trashRow(5000, {
    path: 'Archive/2019',
    kind: 'folder',
    below: 312,
    size: null,
    batch: 'b3',
    deletedAt: NOW - 3 * DAY,
    device: 'Anna-Laptop',
    user: 'anna',
  }),
];

const BATCH: ReviewRow = {
  id: 'r1',
  what: 'delete',
  direction: 'sending',
  files: 1204,
  share: 0.0292,
  bytes: 4_280_000_000,
  folder: 'Pictures/2024',
  paths: ['Pictures/2024/01/a.jpg'],
  device: 'Anna-Laptop',
  user: 'anna',
  firstAt: NOW - 123 * MINUTE - 3000,
  lastAt: NOW - 123 * MINUTE,
  sentence: '',
};
export const BATCHES: readonly ReviewRow[] = [
  BATCH,
  {
    ...BATCH,
    id: 'r2',
    what: 'overwrite',
    direction: 'receiving',
    files: 312,
    share: 0.0076,
    bytes: 98_000_000,
    folder: 'Receipts',
    device: 'Studio-PC',
    user: 'ben',
    firstAt: NOW - 9 * MINUTE,
    lastAt: NOW - 4 * MINUTE,
  },
  {
    ...BATCH,
    id: 'r3',
    direction: 'receiving',
    files: 100_000,
    share: 0.71,
    folder: '',
    bytes: 812_000_000_000,
    device: 'Studio-PC',
    user: 'ben',
    firstAt: NOW - 3 * HOUR,
    lastAt: NOW - 2 * HOUR,
  },
];

function pageOf<T>(
  all: readonly T[],
  after: string | undefined,
  limit = 200,
): { rows: T[]; next: string | null } {
  const from = Number(after ?? 0);
  const end = from + limit;
  return { rows: all.slice(from, end), next: end < all.length ? String(end) : null };
}

export const historyReplies: Replies = {
  history: (params) => {
    const found =
      'path' in params
        ? historyOf(params.path)
        : params.node === GONE_NODE
          ? { path: 'x', nodes: [GONE] }
          : null;
    return found === null ? { kind: 'refused', code: 'not-found', facts: {} } : ok(found);
  },
  cat: ({ node = NODE, version = 1, offset = 0 }) => {
    const number = Number(String(version).split('.').at(-1));
    const bytes = node === NODE ? Buffer.from(textOf(number)) : Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 8, 0]);
    return ok({
      path: 'Notes/reading list.md',
      node,
      version: String(version),
      number,
      kind: 'file',
      size: bytes.length,
      offset,
      bytes: bytes.toString('base64'),
      next: null,
    });
  },
  restore: ({ node = NODE, asCopy, version }) =>
    ok({
      path: asCopy ?? 'Notes/reading list.md',
      node,
      version: '0123456789ab.42',
      number: 42,
      restored: Number(String(version).split('.').at(-1)),
      sentence: '',
    }),
  'moment.plan': ({ folder, at, removeNewer }) => {
    const steps = removeNewer
      ? [
          ...STEPS,
          {
            kind: 'remove' as const,
            node: '01990000-0000-7000-8000-0000000000ff',
            path: `${HARBOUR}/new-idea.md`,
            to: `${HARBOUR}/new-idea.md`,
            number: null,
          },
        ]
      : [...STEPS];
    return ok({
      folder,
      at,
      steps,
      total: steps.length,
      unchanged: 941,
      newer: removeNewer ? 0 : 17,
      lost: 2,
    });
  },
  'moment.restore': ({ folder }) => ok({ folder, done: 213, skipped: 1, sentence: '' }),
  'trash.list': ({ after, limit }) => {
    const { rows, next } = pageOf(TRASH, after, limit);
    return ok({ items: rows, next });
  },
  'trash.restore': (params) =>
    ok(
      'id' in params
        ? { id: params.id, path: `${HARBOUR}/draft-old.docx`, restored: 1, sentence: '' }
        : { id: params.batch, path: `${HARBOUR}/photos/quay-0003.jpg`, restored: 1204, sentence: '' },
    ),
  'review.list': () => ok({ batches: [...BATCHES], next: null }),
  'review.files': ({ id, after, limit = 200 }) => {
    const batch = BATCHES.find((each) => each.id === id) ?? BATCH;
    const from = Number(after ?? 0);
    const length = Math.max(0, Math.min(limit, batch.files - from));
    const files = Array.from({ length }, (_, index) => ({
      path: `${batch.folder === '' ? 'Pictures' : batch.folder}/${String(((from + index) % 12) + 1).padStart(2, '0')}/img-${String(from + index + 1).padStart(6, '0')}.jpg`,
      size: 3_400_000 + ((from + index) % 977) * 131,
    }));
    return ok({
      files,
      total: batch.files,
      next: from + length < batch.files ? String(from + length) : null,
    });
  },
  'review.approve': ({ id }) => ok({ id, decision: 'approved', files: 1204, sentence: '' }),
  'review.reject': ({ id }) => ok({ id, decision: 'rejected', files: 1204, sentence: '' }),
};
