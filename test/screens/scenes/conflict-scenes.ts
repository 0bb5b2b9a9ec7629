/** Scenes around conflicts: texts to compare, many at once, none, and a server that cannot be asked. */
import type { ConflictRow } from '../../../src/ipc/conflicts.ts';
import { SHELL, withStatus } from './base.ts';
import { CONFLICTS, SETTLED, textOf } from './conflicts.ts';
import { HOUR, MINUTE, NOW, ok, type Replies, type Scene } from './scene.ts';

const NEEDS_YOU = withStatus({ state: 'needs-you', conflicts: CONFLICTS.length });
const cat: NonNullable<Replies['cat']> = ({ node = '', version = '' }) => {
  const bytes = Buffer.from(textOf(node, String(version)));
  return ok({
    path: '',
    node,
    version: String(version),
    number: 1,
    kind: 'file',
    size: bytes.length,
    offset: 0,
    bytes: bytes.toString('base64'),
    next: null,
  });
};
const conflicts: Scene = { ...NEEDS_YOU, replies: { ...NEEDS_YOU.replies, cat } };

const FOLDERS = [
  'Photos/2026',
  'Projects/Harbour',
  'Projects/Lighthouse/drawings',
  'Notes',
  'Receipts/2026/08',
];
const MANY: readonly ConflictRow[] = Array.from({ length: 2000 }, (_, index) => {
  const row = CONFLICTS[index % CONFLICTS.length];
  if (row === undefined) throw new Error('there are no conflicts to repeat');
  const name = row.path.slice(row.path.lastIndexOf('/') + 1).replace('.', `-${index + 1}.`);
  return {
    ...row,
    id: `many-${index}`,
    path: `${FOLDERS[index % FOLDERS.length]}/${name}`,
    at: NOW - index * 7 * MINUTE,
  };
});
const listOf =
  (rows: readonly ConflictRow[]): NonNullable<Replies['conflicts.list']> =>
  ({ status = 'open', after = '0', limit = 1000 }) => {
    const all = status === 'open' ? rows : rows.length === 0 ? [] : SETTLED;
    const from = Number(after);
    const page = all.slice(from, from + limit);
    const next = from + limit < all.length ? String(from + limit) : null;
    return ok({ conflicts: [...page], next, total: all.length });
  };
const many = withStatus({ state: 'needs-you', conflicts: MANY.length });
const none = withStatus({});
const offline = withStatus({ state: 'offline', connected: false, offlineSince: NOW - HOUR, conflicts: 6 });
const UNREACHABLE = {
  kind: 'refused',
  code: 'unreachable',
  facts: { server: 'https://sync.example.org' },
} as const;

let asked = 0;
export const CONFLICT_SCENES: Readonly<Record<string, Scene>> = {
  conflicts,
  'conflicts-many': {
    ...many,
    replies: {
      ...many.replies,
      'conflicts.list': listOf(MANY),
      'conflicts.resolve': ({ id, keep }) => {
        asked += 1;
        return asked % 5 === 0
          ? { kind: 'refused', code: 'unprocessable', facts: { detail: '' } }
          : ok({ id, keep, path: '', copyPath: null, sentence: '' });
      },
    },
  },
  'conflicts-none': { ...none, replies: { ...none.replies, 'conflicts.list': listOf([]) } },
  'conflicts-failing': {
    ...NEEDS_YOU,
    replies: { ...NEEDS_YOU.replies, 'conflicts.list': () => ({ kind: 'gone' }) },
  },
  'conflicts-offline': {
    ...offline,
    replies: {
      ...offline.replies,
      'conflicts.show': () => UNREACHABLE,
      cat: () => UNREACHABLE,
    },
  },
  'conflicts-moved-on': {
    ...conflicts,
    replies: {
      ...conflicts.replies,
      'conflicts.resolve': () => ({ kind: 'refused', code: 'unprocessable', facts: { detail: '' } }),
    },
  },
  'conflicts-merge-tool': {
    ...conflicts,
    shell: {
      ...SHELL,
      settings: {
        ...SHELL.settings,
        mergeTool: { command: '/usr/bin/meld', args: ['LEFT', 'BASE', 'RIGHT'] },
      },
    },
    events: [{ kind: 'merge-tool', state: { conflict: 'c-1', stage: 'changed', detail: '' } }],
  },
};
