/** Hostile names everywhere: they must be drawn inert, whole, and where they belong. */
import type { Activity, Transfers } from '../../../src/ipc/events.ts';
import { ACTIVITIES, base, withStatus } from './base.ts';
import { HOSTILE_NAMES } from './hostile-names.ts';
import { HOUR, MINUTE, NOW, ok, type Scene } from './scene.ts';
import { hostileProblems } from './trouble.ts';

const VERBS = ['edited', 'created', 'moved', 'deleted', 'restored', 'conflict', 'problem', 'held'] as const;

const activities: readonly Activity[] = HOSTILE_NAMES.map((path, index) => ({
  ...ACTIVITIES[0]!,
  id: 8000 - index,
  at: NOW - (index * 7 + 1) * MINUTE,
  verb: VERBS[index % VERBS.length]!,
  path,
  from: VERBS[index % VERBS.length] === 'moved' ? `old\u202e place/<i>${'y'.repeat(180)}</i>` : null,
  device: index % 2 === 0 ? 'PC\u202e<script>\u0007' : 'Studio-PC '.repeat(12),
  user: 'бен\u200f',
}));

const transfers: Transfers = {
  files: HOSTILE_NAMES.slice(0, 6).map((path, index) => ({
    node: `h${index}`,
    path,
    direction: index % 2 === 0 ? 'up' : 'down',
    bytesDone: 10_000 * (index + 1),
    bytesTotal: 90_000,
  })),
  more: 0,
  upRate: 1200,
  downRate: 0,
  secondsLeft: null,
  peers: [
    {
      device: '<h1>\u202epeer</h1>',
      files: 1,
      bytes: 900,
      now: [{ path: '<img src=x onerror=alert(1)>/\u202egpj.exe', bytes: 900, sent: 300 }],
    },
  ],
};

const status = withStatus(
  {
    state: 'syncing',
    pendingUploads: 6,
    progress: { done: 2, total: 8 },
    delayed: true,
    lagSeconds: 60,
    oldest: { path: HOSTILE_NAMES[0]!, since: NOW - MINUTE },
    folder: `/home/anna/${HOSTILE_NAMES[2]}/${'z'.repeat(120)}`,
    device: 'Anna-Laptop',
    problems: 3,
  },
  transfers,
);

export const hostile: Scene = {
  ...status,
  replies: {
    ...status.replies,
    ...hostileProblems,
    'activity.list': () => ok({ activities: [...activities], next: null }),
  },
};

/** The same, stopped, with hostile facts in the sentence. */
export const hostileStop: Scene = {
  ...base,
  replies: {
    ...hostile.replies,
    ...withStatus({
      state: 'error',
      halted: {
        code: 'root-nested',
        facts: { file: `/home/anna/${HOSTILE_NAMES[0]}`, other: `/home/${'q'.repeat(200)}` },
        sentence: '',
      },
      offlineSince: NOW - HOUR,
    }).replies,
    'activity.list': () => ok({ activities: [...activities], next: null }),
  },
};
