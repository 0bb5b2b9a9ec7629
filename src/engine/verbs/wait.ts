/** `wait`: bounded by what had settled, and by the server's head, when it was called (RULES 23). */
import type { Call, Result } from '../../ipc/contract.ts';
import { sentenceOf } from '../../protocol/errors.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { isNotice, problemSentence } from '../state/problems.ts';

const LOOK_EVERY_MS = 20;
/** Looking at many nodes takes its time: then it is done less often. */
const LOOKS_PER_MS = 50;

type WaitResult = Result<'wait'>;

export async function waitUntilInStep(engine: Engine, timeout: number, call: Call): Promise<WaitResult> {
  const { clock } = engine.parts.env;
  const began = clock.monotonic();
  const deadline = began + timeout * 1000;
  const answer = (
    reason: WaitResult['reason'],
    missing: readonly Missing[],
    head: number | null,
  ): WaitResult => ({
    done: reason === 'done',
    reason,
    sentence: sentence(reason, missing, engine),
    missing: missing.slice(0, 100),
    missingTotal: missing.length,
    seconds: (clock.monotonic() - began) / 1000,
    head,
  });
  const blocked = obstacle(engine);
  if (blocked) return answer(blocked, troubles(engine), null);
  await until(engine, deadline, call, () => engine.ready || obstacle(engine) !== null);
  if (!engine.ready) return answer(obstacle(engine) ?? 'timeout', troubles(engine), null);
  await until(engine, deadline, call, () => engine.connection.online || obstacle(engine) !== null);
  // A scan that is slow, or that a busy disk keeps at it, does not keep the caller beyond the deadline.
  let isScanned = false;
  const scan = engine.scanner.scanAll().then(() => {
    isScanned = true;
  });
  await Promise.race([scan, until(engine, deadline, call, () => isScanned)]);
  const head = await serverHead(engine, deadline, call);
  const open: Open = new Map();
  for (const node of engine.state.frontier.nodes()) open.set(node, versionOf(engine, node));
  for (const node of engine.operations.flying()) open.set(node, FLYING);
  const { mark } = engine.scanner;
  const done = () => obstacle(engine) !== null || (isScanned && settled(engine, open, head, mark));
  const inTime = await until(engine, deadline, call, done, () => open.size / LOOKS_PER_MS);
  const trouble = obstacle(engine);
  if (trouble) return answer(trouble, [...missing(engine, open), ...troubles(engine)], head);
  const left = missing(engine, open);
  const held = troubles(engine);
  if (head === null || !inTime)
    return answer(engine.connection.online ? 'timeout' : 'offline', [...left, ...held], head);
  return held.length > 0 ? answer('held', [...held, ...left], head) : answer('done', [], head);
}

interface Missing {
  readonly path: string;
  readonly why: string;
}

/** The server's head, asked for once, as soon as it can be asked; `null` when that is not before the deadline. */
async function serverHead(engine: Engine, deadline: number, call: Call): Promise<number | null> {
  const asked = () => engine.connection.online || obstacle(engine) !== null;
  while (await until(engine, deadline, call, asked)) {
    if (obstacle(engine)) return null;
    if ((await engine.journal.pull()) === 'caught-up') return engine.state.meta.cursor()?.seq ?? null;
    await engine.parts.env.clock.sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** Whether it came true before the deadline. */
async function until(
  engine: Engine,
  deadline: number,
  call: Call,
  done: () => boolean,
  restMs = () => 0,
): Promise<boolean> {
  const { clock } = engine.parts.env;
  while (!done()) {
    const left = deadline - clock.monotonic();
    if (left <= 0 || call.signal.aborted) return false;
    await clock.sleep(Math.min(left, LOOK_EVERY_MS + restMs()));
  }
  return true;
}

function obstacle(engine: Engine): 'paused' | 'trouble' | null {
  if (engine.halted || engine.stopping) return 'trouble';
  return engine.paused ? 'paused' : null;
}

/** What was under way already says nothing about what the disk shows now: the version after it counts. */
const FLYING = Symbol('under way');
/** Nodes that were different when we began, each with the version that both sides then agreed on. */
type Open = Map<NodeId, string | null | typeof FLYING>;

function versionOf(engine: Engine, node: NodeId): string | null {
  return engine.state.synced.get(node)?.version ?? null;
}

/**
 * Every node that was different when we began has been brought in step since, or waits for the user. One that is
 * written to without a rest has been, once a content of it was read and agreed on since.
 */
function settled(engine: Engine, open: Open, head: number | null, mark: number): boolean {
  if (head === null || (engine.state.meta.cursor()?.seq ?? 0) < head) return false;
  if (engine.inStep()) return true;
  const busy = new Set<NodeId>([...engine.state.frontier.nodes(), ...engine.operations.flying()]);
  for (const [node, before] of open) {
    if (!busy.has(node) || isHeld(engine, node)) open.delete(node);
    else if (before === FLYING && !engine.operations.inFlight(node)) open.set(node, versionOf(engine, node));
    else if (before !== FLYING && versionOf(engine, node) !== before) open.delete(node);
  }
  return !engine.scanner.isBusyWith(mark) && (open.size === 0 || waitsForUser(engine));
}

/** What is left waits for something held: a folder for what is in it, for instance. */
function waitsForUser(engine: Engine): boolean {
  return engine.loop.resting && engine.operations.deferredCount() === 0 && troubles(engine).length > 0;
}

function isHeld(engine: Engine, node: NodeId): boolean {
  return (
    (engine.state.reviews.count() > 0 && engine.state.reviews.isHeld(node)) ||
    (engine.state.problems.count() > 0 && isTroubled(engine, node)) ||
    engine.state.local.get(node)?.condition === 'unseen'
  );
}

/** What the server brings back from its cold storage comes by itself: waiting helps. */
function isTroubled(engine: Engine, node: NodeId): boolean {
  const problem = engine.state.problems.get(node);
  return problem !== null && problem.code !== 'thawing';
}

function missing(engine: Engine, open: Open): readonly Missing[] {
  if (engine.inStep()) return [];
  return [...open.keys()].map((node) => ({
    path: engine.state.nameOf(node),
    why: engine.operations.inFlight(node) ? 'is on its way' : 'waits for its turn',
  }));
}

/** Held, unseen and troubled paths: waiting longer would not help. */
function troubles(engine: Engine): readonly Missing[] {
  const { state, halted } = engine;
  const problems = state.problems
    .list(200)
    .filter((each) => !isNotice(each))
    .map((each) => ({ path: each.path, why: problemSentence(each, engine.shown(each.path)) }));
  const held = state.reviews
    .list()
    .flatMap((review) =>
      state.reviews.nodesOf(review.id).map((each) => ({ path: each.path, why: `held: ${review.evidence}` })),
    );
  return [
    ...(halted ? [{ path: '', why: sentenceOf(halted.code, halted.facts) }] : []),
    ...held,
    ...problems.filter((each) => each.why !== ''),
  ];
}

function sentence(reason: WaitResult['reason'], missing: readonly Missing[], engine: Engine): string {
  const first = missing[0];
  switch (reason) {
    case 'done':
      return 'Everything is in step.';
    case 'paused':
      return 'Syncing is paused. Resume it first.';
    case 'offline':
      return `The server at ${engine.parts.account.serverUrl} cannot be reached.`;
    default:
      return first
        ? `${missing.length} path${missing.length === 1 ? ' is' : 's are'} not in step, for instance ${first.path || 'the folder'}: ${first.why}`
        : 'Not everything is in step yet.';
  }
}
