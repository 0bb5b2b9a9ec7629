/** Every scene by name. */

import { ACTIVITIES, base, NOW, withStatus } from './base.ts';
import { CONFLICT_SCENES } from './conflict-scenes.ts';
import { firstRunScenes } from './first-run.ts';
import { hostile, hostileStop } from './hostile.ts';
import { KEPT_SCENES } from './kept-scenes.ts';
import { ok, type Replies, type Scene } from './scene.ts';
import { fullReplies, newsReplies, sharesInStatus } from './shared.ts';
import { manyProblems } from './trouble.ts';

const HOUR = 3_600_000;
const LEDGER = 12_000;
const withReplies = (scene: Scene, replies: Replies): Scene => ({
  ...scene,
  replies: { ...scene.replies, ...replies },
});

export const SCENES: Readonly<Record<string, Scene>> = {
  base,
  ...firstRunScenes(base.shell),
  'setting-up': withStatus({ state: 'setting-up', lastScanAt: null, files: 0 }),
  checking: withStatus({ state: 'checking' }),
  syncing: withStatus(
    { state: 'syncing', pendingUploads: 3, pendingDownloads: 24, progress: { done: 213, total: 240 } },
    {
      files: [
        {
          node: 'n1',
          path: 'Projects/Harbour/film/take-07.mov',
          direction: 'up',
          bytesDone: 310_000_000,
          bytesTotal: 840_000_000,
        },
        {
          node: 'n2',
          path: 'Projects/Harbour/photos/quay-west-11.jpg',
          direction: 'down',
          bytesDone: 3_200_000,
          bytesTotal: 4_100_000,
        },
      ],
      more: 25,
      upRate: 8_400_000,
      downRate: 2_100_000,
      secondsLeft: 64,
      peers: [
        {
          device: 'Studio-PC',
          files: 3,
          bytes: 91_000_000,
          now: [{ path: 'Projects/Harbour/flyover.mov', bytes: 84_000_000, sent: 31_000_000 }],
        },
      ],
    },
  ),
  delayed: withStatus({
    state: 'syncing',
    pendingDownloads: 12,
    progress: { done: 3, total: 15 },
    delayed: true,
    lagSeconds: 48,
    oldest: { path: 'Notes/ideas.txt', since: NOW - 48_000 },
  }),
  paused: withStatus({
    state: 'paused',
    pausedReason: 'user',
    pausedUntil: NOW + 2 * HOUR,
    pendingUploads: 4,
  }),
  offline: withStatus({
    state: 'offline',
    connected: false,
    offlineSince: NOW - HOUR,
    nextTryAt: NOW + 20_000,
    pendingUploads: 7,
  }),
  'needs-you': withStatus({ state: 'needs-you', conflicts: 3, review: 1 }),
  warning: withStatus({
    state: 'warning',
    problems: 2,
    problemList: [
      {
        path: 'Notes/a:b.txt',
        code: 'name-held',
        facts: { file: 'Notes/a:b.txt', detail: 'it contains ":"' },
        sentence: '',
        since: NOW - HOUR,
      },
    ],
  }),
  error: withStatus({
    state: 'error',
    halted: { code: 'root-gone', facts: { file: '/home/anna/Tidemark' }, sentence: '' },
  }),
  'signed-out': {
    ...withStatus({
      state: 'error',
      pendingUploads: 2,
      halted: { code: 'signed-out', facts: {}, sentence: '' },
    }),
    answers: { 'sign-in': () => ({ kind: 'refused', code: 'wrong-password', facts: {} }) },
  },
  empty: {
    ...base,
    replies: {
      ...withStatus({ files: 0, cursor: 0, serverHead: 0, excluded: 0 }).replies,
      'activity.list': () => ok({ activities: [], next: null }),
    },
  },
  problems: withReplies(withStatus({ state: 'warning', problems: 1210, unseen: 0 }), manyProblems),
  'problems-stopped': withReplies(
    withStatus({
      state: 'error',
      problems: 1210,
      unseen: 3,
      halted: { code: 'root-full', facts: { file: '/home/anna/Tidemark' }, sentence: '' },
    }),
    manyProblems,
  ),
  ledger: withReplies(base, {
    'activity.list': ({ after, limit = 100 }) => {
      const start = after === undefined ? 0 : Number(after);
      const end = Math.min(start + limit, LEDGER);
      return ok({
        activities: Array.from({ length: Math.max(0, end - start) }, (_, row) => {
          const index = start + row;
          const like = ACTIVITIES[index % ACTIVITIES.length]!;
          return { ...like, id: LEDGER - index, at: NOW - index * 4 * 60_000 };
        }),
        next: end < LEDGER ? String(end) : null,
      });
    },
  }),
  failing: withReplies(base, {
    'activity.list': () => ({ kind: 'gone' }),
    'problems.list': () => ({ kind: 'fault', message: 'the answer did not match the contract' }),
    explain: () => ({ kind: 'gone' }),
  }),
  'shared-news': withReplies(withStatus({ shares: sharesInStatus }), newsReplies),
  full: withReplies(base, fullReplies),
  'trash-partly': withReplies(base, {
    'trash.list': () => ok({ items: [], next: null, without: ['Work/Studio', 'Choir'] }),
  }),
  'shared-none': withReplies(base, {
    'shares.list': () => ok({ shares: [] }),
    'problems.list': () => ok({ groups: [], problems: [], next: null }),
  }),
  'shared-failing': withReplies(base, {
    'shares.list': () => ({
      kind: 'refused',
      code: 'unreachable',
      facts: { server: 'https://sync.example.org' },
    }),
  }),
  hostile,
  'hostile-stop': hostileStop,
  ...KEPT_SCENES,
  ...CONFLICT_SCENES,
  'engine-lost': {
    ...base,
    shell: { ...base.shell, phase: 'engine-lost', restarts: 1, lastEnd: 'signal SIGKILL' },
  },
};
