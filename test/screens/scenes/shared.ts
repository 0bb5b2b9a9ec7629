/** Shared folders and team spaces, in every standing. */
import type { MemberRow, ShareRow, UsageRow } from '../../../src/ipc/shares.ts';
import { DAY, HOUR, NOW, ok, type Replies } from './scene.ts';

function share(id: string, about: Partial<ShareRow> & Pick<ShareRow, 'name'>): ShareRow {
  return {
    id,
    kind: 'folder',
    role: 'editor',
    standing: 'member',
    invitedBy: 'ben',
    at: NOW - 40 * DAY,
    path: about.name,
    state: 'up-to-date',
    trouble: null,
    sentence: '',
    ...about,
  };
}

export const SHARES: readonly ShareRow[] = [
  share('s-harbour', { name: 'Harbour', role: 'owner', invitedBy: null, path: 'Projects/Harbour' }),
  share('s-choir', { name: 'Choir', role: 'owner', invitedBy: null, state: 'syncing' }),
  share('s-studio', { name: 'Studio', kind: 'team', invitedBy: 'mara', path: 'Work/Studio' }),
  share('s-handbook', {
    name: 'Handbook',
    kind: 'team',
    role: 'viewer',
    invitedBy: 'mara',
    path: 'Work/Handbook',
  }),
  share('s-trip', {
    name: 'Trip to Lisbon',
    path: 'Trip to Lisbon',
    state: 'warning',
    trouble: { code: 'share-missing', facts: { share: 'Trip to Lisbon', file: 'Trip to Lisbon' } },
  }),
];

const INVITATIONS: readonly ShareRow[] = [
  share('s-budget', {
    name: 'Budget 2027',
    kind: 'team',
    role: 'viewer',
    standing: 'invited',
    invitedBy: 'mara',
    at: NOW - 3 * HOUR,
    path: null,
    state: null,
  }),
  share('s-garden', {
    name: 'Garden',
    standing: 'invited',
    invitedBy: 'ben',
    at: NOW - 2 * DAY,
    path: null,
    state: null,
  }),
];

const MEMBERS: readonly MemberRow[] = [
  { user: 'anna', role: 'owner', standing: 'member', at: NOW - 40 * DAY },
  { user: 'ben', role: 'editor', standing: 'member', at: NOW - 38 * DAY },
  { user: 'mara', role: 'viewer', standing: 'member', at: NOW - 12 * DAY },
  { user: 'jo', role: 'editor', standing: 'invited', at: NOW - DAY },
];
const OTHERS: readonly MemberRow[] = MEMBERS.map((each) =>
  each.user === 'anna'
    ? { ...each, role: 'viewer' }
    : each.user === 'mara'
      ? { ...each, role: 'owner' }
      : each,
);

const done = (id: string) => ok({ id, path: null, sentence: '' });

export const sharedReplies: Replies = {
  'shares.list': () => ok({ shares: [...SHARES] }),
  'shares.members': ({ share: id }) =>
    ok({ id, members: id === 's-harbour' || id === 's-choir' ? [...MEMBERS] : [...OTHERS] }),
  'shares.create': () => done('s-harbour'),
  'shares.answer': ({ share: id }) => done(id),
  'shares.member': ({ share: id }) => done(id),
  'shares.remove': ({ share: id }) => done(id),
  'shares.leave': ({ share: id }) => done(id),
  'shares.move': ({ share: id }) => done(id),
  'shares.here': ({ share: id }) => done(id),
};

const GB = 1_000_000_000;
const SPANS = {
  allMs: 30 * DAY,
  dailyMs: 90 * DAY,
  weeklyMs: 365 * DAY,
  monthlyMs: 1825 * DAY,
  trashMs: 30 * DAY,
};

function usage(kind: UsageRow['kind'], name: string, used: number | null, quota: number | null): UsageRow {
  const of = SHARES.find((each) => each.name === name);
  return { share: of?.id ?? null, kind, name, path: of?.path ?? '', used, quota, sentence: '' };
}

/** How much is stored, what is kept, the account. */
export const accountReplies: Replies = {
  usage: () =>
    ok({
      namespaces: [
        usage('own', '', 41.2 * GB, 100 * GB),
        usage('folder', 'Harbour', 3.4 * GB, 20 * GB),
        usage('team', 'Studio', 812 * GB, null),
        usage('folder', 'Trip to Lisbon', null, null),
      ],
    }),
  'retention.get': ({ path = '' }) =>
    ok({
      spans: SPANS,
      isOwn: path !== '',
      held: false,
      holds: path.startsWith('Projects/Harbour/')
        ? [
            {
              path: 'Projects/Harbour',
              why: 'The dispute about the quay',
              by: 'anna',
              at: NOW - 9 * DAY,
            },
          ]
        : [
            {
              path: 'Receipts/2026',
              why: 'Tax office, until the notice is final',
              by: 'anna',
              at: NOW - 60 * DAY,
            },
          ],
    }),
  'retention.set': () => ok({ spans: SPANS, isOwn: true, held: false, holds: [] }),
  hold: ({ path, why }) => ok({ path, held: why !== null, sentence: '' }),
  password: () => ({ kind: 'refused', code: 'wrong-password', facts: {} }),
};

/** One space is full, another nearly. */
export const fullReplies: Replies = {
  usage: () =>
    ok({
      namespaces: [
        usage('own', '', 99.97 * GB, 100 * GB),
        usage('folder', 'Harbour', 20.1 * GB, 20 * GB),
        usage('team', 'Studio', 812 * GB, null),
      ],
    }),
};

const ENDED = [
  {
    path: 'Plans',
    code: 'share-ended-kept',
    facts: { share: 'Plans', kept: 'Plans (kept from a share)', by: 'ben' },
    sentence: '',
    since: NOW - 4 * HOUR,
  },
  {
    path: 'Old club',
    code: 'share-ended',
    facts: { share: 'Old club', by: '' },
    sentence: '',
    since: NOW - 2 * DAY,
  },
] as const;

/** Invitations wait, and something ended. */
export const newsReplies: Replies = {
  'shares.list': () => ok({ shares: [...SHARES, ...INVITATIONS] }),
  'problems.list': ({ code }) =>
    ok({
      groups: [],
      problems: ENDED.filter((each) => each.code === code).map((each) => ({ ...each })),
      next: null,
    }),
};

export const sharesInStatus = [...SHARES, ...INVITATIONS].map(
  ({ id, name, role, standing, invitedBy, path, state, sentence }) => ({
    ...{ id, name, role, standing, invitedBy, path, state, sentence },
  }),
);
