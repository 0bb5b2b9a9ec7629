/** An engine made of fixed answers, for tests of what stands in front of it: the socket and the command line. */

import type { ConflictRow, ConflictSide } from '../../src/ipc/conflicts.ts';
import { type Call, type EngineControl, type Method, ok, type Result } from '../../src/ipc/contract.ts';
import type { EngineEvent } from '../../src/ipc/events.ts';
import type { EngineSettings } from '../../src/ipc/settings.ts';
import type { VersionRow } from '../../src/ipc/shapes.ts';
import type { Status } from '../../src/ipc/status.ts';

export const AT = Date.UTC(2026, 8, 18, 18, 2, 0);

export const SAMPLE_STATUS: Status = {
  state: 'up-to-date',
  sentence: 'Up to date, checked 12 s ago, 41,203 files',
  pendingUploads: 0,
  pendingDownloads: 0,
  progress: null,
  unseen: 0,
  excluded: 3,
  conflicts: 0,
  review: 0,
  problems: 0,
  problemList: [],
  cursor: 88_412,
  serverHead: 88_412,
  epoch: '0123456789ab',
  bytesSent: 1234,
  bytesReceived: 5678,
  lastScanAt: AT,
  files: 41_203,
  folder: '/home/anna/Tidemark',
  stateFolder: '/home/anna/.tidemark/state',
  device: 'Anna-MacBook',
  user: 'anna',
  server: 'http://127.0.0.1:4800',
  connected: true,
  offlineSince: null,
  nextTryAt: null,
  pausedReason: null,
  pausedUntil: null,
  delayed: false,
  oldest: null,
  lagSeconds: 0,
  halted: null,
  memoryBytes: 98_000_000,
  uptimeSeconds: 3600,
  pid: 4711,
  version: '0.1.0',
  helper: 'native',
  helperDetail: 'built for this machine',
  hashing: 'native',
  watching: { complete: true, why: '' },
};

const VERSION: VersionRow = {
  version: '0123456789ab.18',
  number: 18,
  base: '0123456789ab.12',
  kind: 'file',
  size: 2048,
  executable: false,
  device: 'Anna-MacBook',
  user: 'anna',
  reason: 'edited',
  content: 'aa'.repeat(32),
  at: AT,
  editedAt: AT,
  current: true,
};

const SIDE: ConflictSide = {
  node: '01990000-0000-7000-8000-000000000001',
  role: 'copy',
  path: 'roadmap (conflict - Anna-MacBook, anna, 2026-09-18 18.02, v18).xlsx',
  version: '0123456789ab.19',
  number: 1,
  size: 2048,
  pathThen: 'roadmap.xlsx',
  kind: 'file',
  content: 'bb'.repeat(32),
  device: 'Anna-MacBook',
  user: 'anna',
  at: AT,
  editedAt: AT,
};

const CONFLICT: ConflictRow = {
  id: '01990000-0000-7000-8000-00000000000c',
  cause: 'offline',
  status: 'open',
  path: 'roadmap.xlsx',
  copyPath: SIDE.path,
  at: AT,
  ancestor: 18,
  mine: SIDE,
  theirs: { ...SIDE, role: 'original', path: 'roadmap.xlsx', device: 'Studio-PC', user: 'ben', number: 19 },
  sentence: 'anna edited roadmap.xlsx offline from version 18; ben had saved version 19.',
  resolution: null,
};

const SETTINGS: EngineSettings = { up: 500, down: null, schedule: null, proxy: { kind: 'system' } };

const PREVIEW = {
  stops: 1,
  stopsBytes: 10,
  stopsPaths: ['a.tmp'],
  starts: 0,
  startsPaths: [],
  faults: [],
};

const DAY = 86_400_000;
const RETENTION = {
  spans: { allMs: DAY, dailyMs: 7 * DAY, weeklyMs: 28 * DAY, monthlyMs: 364 * DAY, trashMs: 30 * DAY },
  isOwn: true,
  held: false,
  holds: [{ path: 'docs', why: 'a dispute', by: 'anna', at: AT }],
};

const SHARE = {
  id: '01990000-0000-7000-8000-00000000000e',
  path: 'Plans',
  sentence: 'Plans is there: its folder is Plans. Invite others to it.',
};

export const SAMPLE_RESULTS: { readonly [M in Method]: Result<M> } = {
  'shares.list': {
    shares: [
      {
        ...SHARE,
        name: 'Plans',
        kind: 'folder',
        role: 'editor',
        standing: 'member',
        invitedBy: 'ben',
        at: AT,
        state: 'up-to-date',
        trouble: null,
        sentence: 'Up to date.',
      },
    ],
  },
  'shares.create': SHARE,
  'shares.answer': SHARE,
  'shares.member': SHARE,
  'shares.remove': SHARE,
  'shares.leave': { ...SHARE, path: null },
  'shares.move': SHARE,
  'shares.here': SHARE,
  usage: {
    namespaces: [
      {
        share: null,
        name: '',
        kind: 'own',
        path: '',
        used: 2 ** 20,
        quota: 2 ** 30,
        sentence: 'Your own space stores 1.0 MiB, and may store at most 1.0 GiB.',
      },
    ],
  },
  'shares.members': { id: SHARE.id, members: [{ user: 'ben', role: 'owner', standing: 'member', at: AT }] },
  status: SAMPLE_STATUS,
  wait: {
    done: true,
    reason: 'done',
    sentence: 'Everything that was here is on the server, and everything there is here.',
    missing: [],
    missingTotal: 0,
    seconds: 0.2,
    head: 88_412,
  },
  pause: { ...SAMPLE_STATUS, state: 'paused', sentence: 'Paused', pausedReason: 'user' },
  resume: SAMPLE_STATUS,
  stop: { stopping: true, pid: 4711 },
  rescan: { scheduled: true, sentence: 'The whole folder is being looked through.' },
  'conflicts.list': { conflicts: [CONFLICT], next: null, total: 1 },
  'conflicts.show': {
    ...CONFLICT,
    lineage: [{ side: 'both', node: SIDE.node, version: VERSION }],
    base: { node: SIDE.node, version: VERSION },
  },
  'conflicts.undo': { id: CONFLICT.id, path: 'roadmap.xlsx', sentence: 'It is open again.' },
  'conflicts.resolve': {
    id: CONFLICT.id,
    keep: 'mine',
    path: 'roadmap.xlsx',
    copyPath: null,
    sentence: 'Your version is at roadmap.xlsx again; the other one is in its history.',
  },
  history: {
    path: 'roadmap.xlsx',
    nodes: [
      {
        node: SIDE.node,
        kind: 'file',
        live: true,
        path: 'roadmap.xlsx',
        deleted: null,
        versions: [VERSION],
      },
    ],
  },
  cat: {
    path: 'roadmap.xlsx',
    node: SIDE.node,
    version: VERSION.version,
    number: 18,
    kind: 'file',
    size: 5,
    offset: 0,
    bytes: Buffer.from('hello').toString('base64'),
    next: null,
  },
  label: {
    path: 'roadmap.xlsx',
    node: SIDE.node,
    version: VERSION.version,
    number: 18,
    name: 'as sent',
    sentence: 'V18 of roadmap.xlsx is labelled.',
  },
  'retention.get': RETENTION,
  'retention.set': RETENTION,
  hold: { path: 'docs', held: true, sentence: 'docs is on hold.' },
  restore: {
    path: 'roadmap.xlsx',
    node: SIDE.node,
    version: '0123456789ab.30',
    number: 20,
    restored: 18,
    sentence: 'roadmap.xlsx is as it was in version 18.',
  },
  'trash.list': {
    items: [
      {
        id: 't1',
        path: 'old/notes.txt',
        kind: 'file',
        below: 0,
        size: 99,
        deletedAt: AT,
        device: 'Studio-PC',
        user: 'ben',
        where: 'server',
        expiresAt: null,
        batch: 'b1',
      },
    ],
    next: null,
  },
  'trash.restore': { id: 't1', path: 'old/notes.txt', restored: 1, sentence: 'old/notes.txt is back.' },
  'review.list': {
    batches: [
      {
        id: 'r1',
        what: 'delete',
        direction: 'sending',
        files: 1204,
        share: 0.61,
        bytes: 9_000_000,
        folder: 'Photos',
        paths: ['Photos/a.jpg'],
        device: 'Anna-MacBook',
        user: 'anna',
        firstAt: AT,
        lastAt: AT + 3000,
        sentence: '1,204 files disappeared from Photos on Anna-MacBook.',
      },
    ],
    next: null,
  },
  'review.files': { files: [{ path: 'Photos/a.jpg', size: 2048 }], total: 1204, next: null },
  'moment.plan': {
    folder: 'Photos',
    at: AT,
    steps: [{ kind: 'content', node: SIDE.node, path: 'Photos/a.jpg', to: 'Photos/a.jpg', number: 3 }],
    total: 1,
    unchanged: 7,
    newer: 0,
    lost: 0,
  },
  'moment.restore': { folder: 'Photos', done: 1, skipped: 0, sentence: 'Photos is as it was.' },
  'review.approve': { id: 'r1', decision: 'approved', files: 1204, sentence: 'Deleted everywhere.' },
  'review.reject': { id: 'r1', decision: 'rejected', files: 1204, sentence: 'The files are back.' },
  explain: {
    path: 'roadmap.xlsx',
    sentence: 'roadmap.xlsx is the same here and on the server.',
    local: {
      node: SIDE.node,
      path: 'roadmap.xlsx',
      kind: 'file',
      state: 'known',
      version: null,
      number: null,
      manifest: 'aa'.repeat(32),
      target: null,
      size: 2048,
      executable: false,
      mtimeNs: '1758218520000000000',
      entryRev: null,
      headSeq: null,
      entrySeq: null,
      fileId: '8:1:5',
    },
    remote: null,
    synced: null,
    lineage: [VERSION],
    cursor: 88_412,
    serverHead: 88_412,
    rule: { name: 'in-step', sentence: 'Nothing differs.' },
    pending: [],
    problem: null,
    excludedBy: null,
    events: [{ at: AT, what: 'uploaded', sentence: 'Version 18 was sent.' }],
  },
  repair: {
    kind: 'replay',
    checked: 41_203,
    found: 0,
    sentence: 'The journal was read again: nothing differs.',
  },
  'activity.list': {
    activities: [
      {
        kind: 'activity',
        id: 12,
        node: SIDE.node,
        at: AT,
        direction: 'received',
        verb: 'edited',
        path: 'roadmap.xlsx',
        from: null,
        device: 'Studio-PC',
        user: 'ben',
        number: 19,
        size: 2048,
        undoable: true,
        sentence: 'ben on Studio-PC changed roadmap.xlsx (V19).',
      },
    ],
    next: null,
  },
  'activity.undo': {
    id: 12,
    path: 'roadmap.xlsx',
    sentence: 'roadmap.xlsx has its content from before again.',
  },
  transfers: {
    files: [{ node: SIDE.node, path: 'film.mkv', direction: 'up', bytesDone: 1000, bytesTotal: 4000 }],
    more: 0,
    upRate: 500,
    downRate: 0,
    secondsLeft: 6,
    peers: [{ device: 'Studio-PC', files: 2, bytes: 9000, now: [] }],
  },
  'problems.list': {
    groups: [{ code: 'name-held', count: 1, remedies: ['rename', 'retry'] }],
    problems: [
      {
        path: 'what?.txt',
        code: 'name-held',
        facts: { file: 'what?.txt', detail: '"?" is not allowed' },
        sentence: 'what?.txt cannot exist under this name on this disk.',
        since: AT,
      },
    ],
    next: null,
  },
  'problems.remedy': { path: 'what.txt', sentence: 'what?.txt is what.txt now, on every device.' },
  'ignore.get': { shared: '*.tmp', local: '' },
  'ignore.preview': PREVIEW,
  'ignore.set': { sentence: 'The rules hold from now on.' },
  'folders.list': {
    folders: [
      {
        node: SIDE.node,
        path: 'Photos',
        name: 'Photos',
        files: 1204,
        bytes: 9_000_000,
        place: 'here',
        hasFolders: true,
      },
    ],
  },
  'folders.remove': {
    path: 'Photos',
    files: 1204,
    bytes: 9_000_000,
    blocked: [],
    blockedTotal: 0,
    removed: true,
    sentence: 'Photos stays online.',
  },
  'folders.bring': { path: 'Photos', files: 1204, sentence: 'Photos comes down.' },
  'settings.get': SETTINGS,
  'settings.set': SETTINGS,
  'devices.list': {
    devices: [
      {
        deviceId: SIDE.node,
        name: 'Studio-PC',
        os: 'windows',
        linkedAt: AT,
        lastSeenAt: AT,
        revoked: false,
        self: false,
        online: true,
        behind: 3,
      },
    ],
  },
  'devices.revoke': { deviceId: SIDE.node, sentence: 'Studio-PC is not linked any more.' },
  password: {
    others: 2,
    unlinked: 0,
    sentence: 'The password is another one now. 2 other devices stay linked.',
  },
  'token.give': { taken: true },
  bundle: { parts: [{ name: 'program', text: '{"tidemark":"0.1.0"}' }], redacted: true },
  doctor: { ok: true, checks: [{ name: 'Folder', result: 'ok', sentence: 'It is there and writable.' }] },
};

export type Handlers = { -readonly [M in Method]?: EngineControl[M] };

export interface FakeEngine {
  readonly control: EngineControl;
  readonly calls: { readonly method: Method; readonly params: unknown }[];
  emit(event: EngineEvent): void;
  listeners(): number;
}

/** Answers every method with its sample, unless `handlers` says otherwise; keeps what was asked. */
export function fakeEngine(handlers: Handlers = {}): FakeEngine {
  const calls: { method: Method; params: unknown }[] = [];
  const listeners = new Set<(event: EngineEvent) => void>();
  function answer(method: Method) {
    const handler = handlers[method] as ((params: unknown, call: Call) => Promise<unknown>) | undefined;
    return (params: unknown, call: Call): Promise<unknown> => {
      calls.push({ method, params });
      return handler === undefined ? Promise.resolve(ok(SAMPLE_RESULTS[method])) : handler(params, call);
    };
  }
  const methods = Object.keys(SAMPLE_RESULTS) as Method[];
  const control = Object.fromEntries(methods.map((method) => [method, answer(method)])) as unknown;
  return {
    control: {
      ...(control as EngineControl),
      onEvent(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    calls,
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    listeners: () => listeners.size,
  };
}
