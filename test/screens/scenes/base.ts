/** An ordinary day: up to date, a few devices, some history. Other scenes change what they are about. */
import type { Activity, Transfers } from '../../../src/ipc/events.ts';
import type { Status } from '../../../src/ipc/status.ts';
import type { ShellState } from '../../../src/ipc/window.ts';
import { conflictReplies } from './conflicts.ts';
import { historyReplies } from './history.ts';
import { keepingReplies } from './keeping.ts';
import { DAY, HOUR, MINUTE, NOW, ok, type Scene } from './scene.ts';
import { accountReplies, sharedReplies } from './shared.ts';
import { troubleReplies } from './trouble.ts';

export const SHELL: ShellState = {
  phase: 'running',
  platform: 'linux',
  version: '0.1.0',
  language: 'en',
  dark: false,
  settings: {
    language: 'system',
    theme: 'system',
    startAtLogin: true,
    notify: { conflicts: true, review: true, problems: true, connection: false, finished: false },
    pauseOnMetered: true,
    pauseOnBattery: false,
    mergeTool: null,
  },
  keychain: 'strong',
  tray: true,
  restarts: 0,
  lastEnd: null,
  folder: '/home/anna/Tidemark',
  serverHere: true,
  update: null,
  proposed: { folder: '/home/anna/Tidemark', device: 'Anna-Laptop' },
};

export const STATUS: Status = {
  state: 'up-to-date',
  sentence: '',
  pendingUploads: 0,
  pendingDownloads: 0,
  progress: null,
  unseen: 0,
  excluded: 12,
  conflicts: 0,
  review: 0,
  problems: 0,
  problemList: [],
  cursor: 88_412,
  serverHead: 88_412,
  epoch: 'a1b2c3d4e5f6',
  bytesSent: 41_000_000,
  bytesReceived: 380_000_000,
  lastScanAt: NOW - 12_000,
  files: 41_203,
  folder: '/home/anna/Tidemark',
  stateFolder: '/home/anna/.local/share/tidemark',
  device: 'Anna-Laptop',
  user: 'anna',
  server: 'https://sync.example.org',
  connected: true,
  offlineSince: null,
  nextTryAt: null,
  pausedReason: null,
  pausedUntil: null,
  delayed: false,
  oldest: null,
  lagSeconds: 0,
  halted: null,
  memoryBytes: 150_000_000,
  uptimeSeconds: 86_400,
  pid: 4711,
  version: '0.1.0',
  helper: 'native',
  helperDetail: '',
  hashing: 'native',
  watching: { complete: true, why: '' },
};

export const QUIET: Transfers = { files: [], more: 0, upRate: 0, downRate: 0, secondsLeft: null, peers: [] };

let id = 9000;
function activity(minutesAgo: number, about: Partial<Activity> & Pick<Activity, 'verb' | 'path'>): Activity {
  id -= 1;
  return {
    kind: 'activity',
    id,
    node: `01990000-0000-7000-8000-${String(id).padStart(12, '0')}`,
    at: NOW - minutesAgo * MINUTE,
    direction: 'received',
    from: null,
    device: 'Studio-PC',
    user: 'ben',
    number: null,
    size: null,
    undoable: true,
    sentence: '',
    ...about,
  };
}

export const ACTIVITIES: readonly Activity[] = [
  activity(2, { verb: 'edited', path: 'Projects/Harbour/roadmap.xlsx', number: 19, size: 48_213 }),
  activity(3, {
    verb: 'created',
    path: 'Projects/Harbour/photos/quay-east-04.jpg',
    number: 1,
    size: 4_821_330,
    undoable: false,
  }),
  activity(9, {
    verb: 'moved',
    path: 'Archive/2025/minutes-12.md',
    from: 'Projects/minutes-12.md',
    direction: 'sent',
    device: 'Anna-Laptop',
    user: 'anna',
  }),
  activity(31, {
    verb: 'edited',
    path: 'Notes/reading list.md',
    number: 41,
    size: 9120,
    direction: 'sent',
    device: 'Anna-Laptop',
    user: 'anna',
  }),
  activity(58, { verb: 'deleted', path: 'Projects/Harbour/draft-old.docx', size: 88_020 }),
  activity(95, {
    verb: 'restored',
    path: 'Notes/ideas.txt',
    number: 7,
    direction: 'sent',
    device: 'Anna-Phone',
    user: 'anna',
  }),
  activity(60 * 20, {
    verb: 'conflict',
    path: 'Projects/Harbour/budget.csv',
    direction: 'here',
    undoable: false,
  }),
  activity(60 * 26, {
    verb: 'created',
    path: 'Receipts/2026/09/ferry-ticket.pdf',
    number: 1,
    size: 220_111,
    undoable: false,
  }),
];

export const base: Scene = {
  shell: SHELL,
  events: [],
  answers: { 'first-run.choose-folder': () => ({ folder: '/home/anna/Tidemark/Projects/Harbour' }) },
  replies: {
    status: () => ok(STATUS),
    transfers: () => ok(QUIET),
    'activity.list': ({ path }) =>
      ok({ activities: ACTIVITIES.filter((each) => path === undefined || each.path === path), next: null }),
    'activity.undo': ({ id: which }) =>
      ok({ id: which, path: 'Projects/Harbour/roadmap.xlsx', sentence: '' }),
    'devices.list': () =>
      ok({
        devices: [
          {
            deviceId: 'd1',
            name: 'Anna-Laptop',
            os: 'linux',
            linkedAt: NOW - 200 * DAY,
            lastSeenAt: NOW,
            revoked: false,
            self: true,
            online: true,
            behind: 0,
          },
          {
            deviceId: 'd2',
            name: 'Studio-PC',
            os: 'win32',
            linkedAt: NOW - 150 * DAY,
            lastSeenAt: NOW - 2 * MINUTE,
            revoked: false,
            self: false,
            online: true,
            behind: 3,
          },
          {
            deviceId: 'd3',
            name: 'Anna-MacBook',
            os: 'darwin',
            linkedAt: NOW - 90 * DAY,
            lastSeenAt: NOW - 9 * DAY,
            revoked: false,
            self: false,
            online: false,
            behind: 1204,
          },
        ],
      }),
    ...troubleReplies,
    ...conflictReplies,
    ...historyReplies,
    ...keepingReplies,
    ...sharedReplies,
    ...accountReplies,
  },
};

/** The base with another status. */
export function withStatus(change: Partial<Status>, transfers: Transfers = QUIET): Scene {
  return {
    ...base,
    replies: { ...base.replies, status: () => ok({ ...STATUS, ...change }), transfers: () => ok(transfers) },
  };
}
export { DAY, HOUR, MINUTE, NOW };
