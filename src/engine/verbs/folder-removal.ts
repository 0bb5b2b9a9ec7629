/**
 * "Remove from this computer, stays online." A folder leaves only as a whole and only if all that stands in it is, looked
 * at now, what the server holds. The choice is durable before the first file moves; the planner does the rest, file by
 * file, by the way every removal takes, into the trash of this device.
 */
import { isReservedName } from '../../core/names/valid-name.ts';
import { isAway } from '../../core/planner/away.ts';
import { type Answer, ok, type Result, refused } from '../../ipc/contract.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Engine } from '../engine.ts';
import { IGNORE_FILE } from '../local/ignore-files.ts';
import { durably } from '../state/database.ts';
import { isNotice } from '../state/problems.ts';
import type { NodeBelow } from '../state/selection-queries.ts';
import { encodeStamp } from '../state/stamps.ts';
import { standsIn } from './folders.ts';
import { noServer, unanswered } from './no-server.ts';

type Removal = Result<'folders.remove'>;
type Blocked = Removal['blocked'][number];
/** As many are told one by one. */
const TOLD = 100;

export async function removeFolder(engine: Engine, path: string, dryRun: boolean): Promise<Answer<Removal>> {
  const { state, context } = engine;
  if (!engine.ready) return refused('unavailable');
  const folder = state.nodeAt(path) ?? state.remoteNodeAt(path);
  if (folder === null) return refused('not-found', { file: path });
  const kind = state.remote.get(folder)?.kind ?? state.local.get(folder)?.kind;
  if (kind !== 'folder') return refused('not-a-folder', { file: path });
  if (isAway(context.view, folder) && !state.local.hasChildren(folder))
    return ok(answer(path, [], [], true, `${engine.shown(path)} is not on this computer; it stays online.`));
  const cut = noServer(engine);
  if (cut) return cut;
  if (!(await context.catchUp())) return unanswered(engine);
  await engine.scanner.lookThrough(folder);
  const before = state.selection.below(folder);
  const changed = await changedOnDisk(engine, before);
  const kept = await rulesStillNeeded(engine, before);
  await engine.context.unflushed.flush();
  // From here on without a pause, up to the commit: what was looked at is what is decided about.
  const below = state.selection.below(folder);
  const blocked = blockedOf(engine, below, changed);
  if (blocked.length > 0)
    return ok(answer(path, below, blocked, false, refusal(engine.shown(path), blocked.length)));
  if (dryRun) return ok(answer(path, below, [], false, promise(engine.shown(path), below)));
  keepOnline(
    engine,
    folder,
    path,
    below.filter(({ node }) => !kept.has(node)),
  );
  return ok(answer(path, below, [], true, promise(engine.shown(path), below)));
}

/** Files whose stamp is not, now, the one that was read and agreed on. */
async function changedOnDisk(engine: Engine, below: readonly NodeBelow[]): Promise<ReadonlySet<NodeId>> {
  const { state, scanner, parts } = engine;
  const items = below.flatMap((each) => {
    const path =
      each.here && each.kind !== 'folder' && each.trouble === null ? state.pathOf(each.node) : null;
    return path === null ? [] : [{ each, path }];
  });
  const looks = await parts.env.disk.lookMany(items.map(({ path }) => path));
  const changed = new Set<NodeId>();
  items.forEach(({ each }, i) => {
    const look = looks[i];
    if (look?.kind === 'found' && encodeStamp(look.stamp) === each.stamp) return;
    changed.add(each.node);
    const row = state.local.get(each.node);
    if (row) scanner.lookAt(row.parent, row.name);
  });
  return changed;
}

/** Rules stay where they are as long as they leave something out: without them it would be synced. */
async function rulesStillNeeded(engine: Engine, below: readonly NodeBelow[]): Promise<ReadonlySet<NodeId>> {
  const needed = new Set<NodeId>();
  for (const { node, here } of below) {
    const row = here ? engine.state.local.get(node) : null;
    if (row?.name === IGNORE_FILE && (await holdsLeftOut(engine, row.parent))) needed.add(node);
  }
  return needed;
}

/** Does anything stand in the folder that is no node? What cannot be listed may hold anything. */
async function holdsLeftOut({ state, parts }: Engine, folder: NodeId): Promise<boolean> {
  for (const at of [folder, ...state.local.below(folder)]) {
    const path = at === folder || state.local.get(at)?.kind === 'folder' ? state.pathOf(at) : null;
    if (path === null) continue;
    const listing = await parts.env.disk.list(path);
    if (listing.kind === 'failed') return true;
    const isStranger = (name: string | null) =>
      name === null || (!isReservedName(name) && state.local.at(at, name) === null);
    if (listing.entries.some(({ name }) => isStranger(name))) return true;
  }
  return false;
}

function blockedOf(
  engine: Engine,
  below: readonly NodeBelow[],
  changed: ReadonlySet<NodeId>,
): readonly Blocked[] {
  const { state, operations } = engine;
  const conflicted = new Set<string>();
  for (const { original, copy } of state.conflicts.open()) conflicted.add(original).add(copy);
  const troubled = new Set<string>();
  for (const each of state.problems.list(10_000)) if (!isNotice(each)) troubled.add(each.node ?? each.path);
  return below.flatMap((each): readonly Blocked[] => {
    const why = whyNot();
    return why === null ? [] : [{ path: state.nameOf(each.node), why }];
    function whyNot(): Blocked['why'] | null {
      const { node, here, trouble } = each;
      if (trouble === 'unseen' || trouble === 'left-out') return trouble;
      if (conflicted.has(node)) return 'conflict';
      if (state.reviews.isHeld(node) || (here && troubled.has(node))) return 'problem';
      if (trouble !== null) return trouble;
      if (changed.has(node)) return 'not-uploaded';
      // What only the server has may be on its way here: it is not fetched any more.
      return here && operations.inFlight(node) ? 'not-uploaded' : null;
    }
  });
}

/** One durable step: the choice, and which files it concerns. */
function keepOnline(engine: Engine, folder: NodeId, path: string, below: readonly NodeBelow[]): void {
  const { state, context, parts } = engine;
  durably(parts.db, () =>
    state.transaction(() => {
      for (const each of state.online.folders())
        if (standsIn(engine, each, folder)) state.online.unmark(each);
      state.online.mark(folder, parts.env.clock.now());
      for (const { node, here } of below)
        if (here && state.local.get(node)?.condition === 'seen') state.online.leave(node);
      context.record(folder, 'stays online', 'removed from this computer by the user', path);
    }),
  );
  for (const { node } of below) state.frontier.add(node);
}

function answer(
  path: string,
  below: readonly NodeBelow[],
  blocked: readonly Blocked[],
  removed: boolean,
  sentence: string,
): Removal {
  const files = filesOf(below);
  return {
    path,
    files: files.length,
    bytes: files.reduce((sum, each) => sum + each.size, 0),
    blocked: blocked.slice(0, TOLD),
    blockedTotal: blocked.length,
    removed,
    sentence,
  };
}

function filesOf(below: readonly NodeBelow[]): readonly NodeBelow[] {
  return below.filter((each) => each.here && each.kind !== 'folder');
}

function refusal(path: string, count: number): string {
  return `${path} stays here: ${count} thing${count === 1 ? '' : 's'} in it ${count === 1 ? 'is' : 'are'} not known to be on the server.`;
}

function promise(path: string, below: readonly NodeBelow[]): string {
  const count = filesOf(below).length;
  return `${path} leaves this computer and stays online: ${count} file${count === 1 ? '' : 's'}, kept in the trash of this computer for 30 days. What rules leave out stays where it is.`;
}
