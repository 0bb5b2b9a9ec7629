/** Bringing back what is dead: a folder returns if anything live is in it, without what else died with it. */
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { NodeRow } from '../rows.ts';
import { placeIn } from './names.ts';
import { folderOf, type Scope } from './scope.ts';

/** The folder `id`, live: it and its dead ancestors return, topmost first. `more`: as part of a rearrangement. */
export async function liveFolder(scope: Scope, id: NodeId, editedAt: number, more = false): Promise<NodeRow> {
  const dead: NodeRow[] = [];
  let at = await known(scope, id);
  while (!at.live) {
    dead.push(at);
    at = await known(scope, folderOf(at));
  }
  for (const folder of dead.reverse()) at = await reviveFolder(scope, folder, editedAt, more);
  return at;
}

async function reviveFolder(
  scope: Scope,
  folder: NodeRow,
  editedAt: number,
  more: boolean,
): Promise<NodeRow> {
  const place = await placeIn(scope, folderOf(folder), folder.name, folder.id, editedAt);
  const node = scope.alive(folder, { name: place.name, nameKey: place.nameKey });
  await scope.tx.updateNode(scope.ns, node);
  await scope.ledger.append({ cause: 'revive', node, head: null, more });
  return node;
}

/** The nearest live folder at or above `id`. */
export async function nearestLive(scope: Scope, id: NodeId): Promise<NodeRow> {
  let at = await known(scope, id);
  while (!at.live) at = await known(scope, folderOf(at));
  return at;
}

/** True if `id` is `above` or stands below it, be they live or dead. */
export async function isWithin(scope: Scope, id: NodeId, above: NodeId): Promise<boolean> {
  for (let at: NodeId | null = id; at !== null; at = (await known(scope, at)).parent) {
    if (at === above) return true;
  }
  return false;
}

/** How deep a folder stands: 0 for the root. */
export async function depthOf(scope: Scope, id: NodeId): Promise<number> {
  let depth = 0;
  for (let at = await known(scope, id); at.parent !== null; at = await known(scope, at.parent)) depth += 1;
  return depth;
}

async function known(scope: Scope, id: NodeId): Promise<NodeRow> {
  const node = await scope.tx.node(scope.ns, id);
  if (node === null) throw new Error(`node ${id} is named by the tree and is not in it`);
  return node;
}
