/** What the engine says of itself. "Up to date" is proof, not the absence of activity (DESIGN §9.10). */
import type { Result } from '../../ipc/contract.ts';
import type { SyncState } from '../../ipc/status.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import type { Engine } from '../engine.ts';
import type { ServerTrouble } from '../remote/server.ts';
import { isNotice, problemSentence } from '../state/problems.ts';

export interface EngineFacts {
  readonly version: string;
  readonly pid: number;
  readonly stateFolder: string;
  readonly startedAt: number;
}

/** Of very many waiting nodes only so many are looked at; the rest is taken to be like them. */
const SAMPLE = 2000;

/** Behind for longer than this while connected is said in the headline. */
const DELAYED_SECONDS = 10;

export function statusOf(engine: Engine, facts: EngineFacts): Result<'status'> {
  const { parts, state } = engine;
  const { account, env } = parts;
  const pending = pendingOf(engine);
  const cursor = state.meta.cursor();
  const counts = state.counts.read(state.frontier.writes, () => env.clock.monotonic());
  const base = {
    ...pending,
    unseen: counts.unseen,
    excluded: counts.excluded,
    conflicts: state.conflicts.count(),
    review: state.reviews.count(),
    problems: state.problems.count(),
    problemList: state.problems
      .list(100)
      .map((each) => ({ path: each.path, code: each.code, sentence: problemSentence(each) })),
    cursor: cursor?.seq ?? 0,
    serverHead: engine.ready && engine.journal.caughtUpAt !== null ? engine.journal.serverHead : null,
    epoch: cursor?.epoch ?? null,
    bytesSent: env.transport.bytesSent,
    bytesReceived: env.transport.bytesReceived,
    lastScanAt: engine.ready ? engine.scanner.lastScanAt : null,
    files: counts.files,
    folder: account.folder,
    stateFolder: facts.stateFolder,
    device: account.device,
    user: account.user,
    server: account.serverUrl,
    connected: engine.ready && engine.connection.online,
    offlineSince: engine.ready ? engine.connection.offlineSince : null,
    nextTryAt: engine.ready ? engine.connection.nextTryAt : null,
    pausedReason: engine.paused ? 'paused by you' : null,
    lagSeconds: engine.lagSeconds(),
    halted: engine.halted
      ? { code: engine.halted.code, sentence: sentenceOf(engine.halted.code, engine.halted.facts) }
      : null,
    memoryBytes: env.memory(),
    uptimeSeconds: Math.max(0, (env.clock.now() - facts.startedAt) / 1000),
    pid: facts.pid,
    version: facts.version,
    helper: engine.abilities?.helper ?? 'fallback',
    helperDetail: engine.abilities?.helperDetail ?? '',
    hashing: env.hashing.backend,
    watching: env.watch.health(),
  } as const;
  const now = stateOf(engine, base);
  return {
    ...base,
    state: now,
    sentence: headline(now, base, env.clock.now(), engine.ready ? engine.connection.trouble : null),
  };
}

type Facts = Omit<Result<'status'>, 'state' | 'sentence'>;

export function pendingOf(engine: Engine): {
  readonly pendingUploads: number;
  readonly pendingDownloads: number;
} {
  let pendingUploads = 0;
  let pendingDownloads = 0;
  const { state, operations } = engine;
  if (engine.ready) {
    pendingUploads = operations.count('up');
    pendingDownloads = operations.count('down');
    const nodes = state.frontier.nodes();
    const share = Math.max(1, nodes.length / SAMPLE);
    for (const node of nodes.slice(0, SAMPLE)) {
      if (operations.inFlight(node)) continue;
      if (state.local.get(node) || !state.remote.get(node)?.live || state.synced.get(node))
        pendingUploads += share;
      else pendingDownloads += share;
    }
  }
  return { pendingUploads: Math.round(pendingUploads), pendingDownloads: Math.round(pendingDownloads) };
}

function stateOf(engine: Engine, facts: Facts): SyncState {
  if (engine.halted) return 'error';
  if (facts.review > 0) return 'needs-you';
  if (engine.paused) return 'paused';
  if (!engine.ready) return 'setting-up';
  if (!facts.connected) return facts.offlineSince === null ? 'checking' : 'offline';
  if (engine.inStep()) return settledState(facts);
  if (facts.pendingUploads + facts.pendingDownloads > 0 || engine.operations.busy) return 'syncing';
  if (engine.scanner.firstScanPending || engine.scanner.busy) return 'checking';
  return facts.problems > 0 || facts.unseen > 0 ? 'warning' : 'syncing';
}

function settledState(facts: Facts): SyncState {
  if (facts.problems > 0 || facts.unseen > 0) return 'warning';
  return facts.conflicts > 0 ? 'needs-you' : 'up-to-date';
}

function headline(now: SyncState, facts: Facts, nowMs: number, trouble: ServerTrouble | null): string {
  const files = `${grouped(facts.files)} file${facts.files === 1 ? '' : 's'}`;
  const waiting = facts.pendingUploads + facts.pendingDownloads;
  switch (now) {
    case 'error':
      return facts.halted?.sentence ?? 'Stopped.';
    case 'needs-you':
      return facts.review > 0
        ? `Needs you: ${facts.review} held batch${facts.review === 1 ? '' : 'es'}. Nothing of it happens until you decide.`
        : `Everything is in step. ${facts.conflicts} conflict${facts.conflicts === 1 ? ' waits' : 's wait'} for your choice; both sides are kept.`;
    case 'paused':
      return `Paused. ${waiting === 0 ? 'Nothing waits.' : `${waiting} changes wait.`}`;
    case 'setting-up':
      return 'Setting up.';
    case 'offline':
      if (trouble && trouble.code !== 'unreachable')
        return `Offline: ${sentenceOf(trouble.code, { server: facts.server, detail: trouble.detail })}`;
      return `Offline: the server at ${facts.server} cannot be reached. ${waiting === 0 ? 'Nothing waits.' : `${waiting} changes wait on this computer.`}`;
    case 'checking':
      return 'Checking what changed.';
    case 'syncing':
      return `${facts.lagSeconds > DELAYED_SECONDS ? 'Sync delayed: ' : ''}Syncing ${waiting} change${waiting === 1 ? '' : 's'}.`;
    case 'warning':
      return `In step but for ${facts.problems + facts.unseen} path${facts.problems + facts.unseen === 1 ? '' : 's'}: ${facts.problemList.find((each) => !isNotice(each))?.sentence ?? 'some could not be observed'}`;
    default:
      return `Up to date, checked ${ago(facts.lastScanAt, nowMs)}, ${files}.`;
  }
}

/** 41203 → "41,203"; the locale's own way costs a millisecond each time. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function ago(at: number | null, now: number): string {
  if (at === null) return 'never';
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}
