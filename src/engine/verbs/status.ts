/** What the engine says of itself. "Up to date" is proof, not the absence of activity (DESIGN §9.10). */
import type { Result } from '../../ipc/contract.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import type { Engine } from '../engine.ts';
import { type Facts, headline, stateOf } from './headline.ts';
import { isHeldUp } from './held-up.ts';
import { problemRow } from './problem-rows.ts';

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
  const { parts, state, pauses } = engine;
  const { account, env } = parts;
  const pending = pendingOf(engine);
  const cursor = state.meta.cursor();
  const counts = state.counts.read(state.frontier.writes, () => env.clock.monotonic());
  const connected = engine.ready && engine.connection.online;
  const lagSeconds = engine.lagSeconds();
  const moves = !isHeldUp(engine);
  const base: Facts = {
    ...pending,
    progress: moves ? progressOf(engine, pending.pendingUploads + pending.pendingDownloads) : null,
    unseen: counts.unseen,
    excluded: counts.excluded,
    conflicts: state.conflicts.count(),
    review: state.reviews.count(),
    problems: state.problems.count(),
    problemList: state.problems.list(100).map((each) => problemRow(engine, each)),
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
    connected,
    offlineSince: engine.ready ? engine.connection.offlineSince : null,
    nextTryAt: engine.ready ? engine.connection.nextTryAt : null,
    pausedReason: engine.paused ? (pauses.reason ?? 'user') : null,
    pausedUntil: engine.paused ? pauses.untilMs : null,
    delayed: connected && !engine.paused && moves && lagSeconds > DELAYED_SECONDS,
    oldest: oldestOf(engine),
    lagSeconds,
    halted: engine.halted
      ? {
          code: engine.halted.code,
          facts: engine.halted.facts,
          sentence: sentenceOf(engine.halted.code, engine.halted.facts),
        }
      : null,
    memoryBytes: env.memory(),
    uptimeSeconds: Math.max(0, (env.clock.now() - facts.startedAt) / 1000),
    pid: facts.pid,
    version: facts.version,
    helper: engine.abilities?.helper ?? 'fallback',
    helperDetail: engine.abilities?.helperDetail ?? '',
    hashing: env.hashing.backend,
    watching: env.watch.health(),
  };
  return { ...base, state: stateOf(engine, base), sentence: headline(engine, base) };
}

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

/** Of everything that differed since both sides were last in step, how much is done. The total only grows. */
function progressOf(engine: Engine, pending: number): Result<'status'>['progress'] {
  const { burst } = engine;
  if (!engine.ready || pending === 0 || engine.inStep()) return null;
  burst.total = Math.max(burst.total, burst.done + pending);
  return { done: burst.total - pending, total: burst.total };
}

function oldestOf(engine: Engine): Result<'status'>['oldest'] {
  if (!engine.ready || engine.inStep()) return null;
  const oldest = engine.oldest();
  if (oldest === null) return null;
  const { clock } = engine.parts.env;
  const since = Math.floor(clock.now() - (clock.monotonic() - oldest.since));
  return { path: engine.state.nameOf(oldest.node), since };
}
