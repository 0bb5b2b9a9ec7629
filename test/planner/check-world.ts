/** What must hold of a world: after every step that no row hangs in the air, at rest that all is agreed on. */
import { foldKey } from '../../src/core/names/fold.ts';
import { plan } from '../../src/core/planner/plan.ts';
import { sameContent } from '../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { labelOf, type MemoryTree, type MemoryTrees, tokenOf } from './memory-trees.ts';
import type { ModelDevice } from './model-device.ts';
import type { ModelServer, ServerNode } from './model-server.ts';
import type { Oracle } from './model-user.ts';

interface Hanging {
  readonly node: NodeId;
  readonly parent: NodeId;
}

function hanging<Row extends Hanging>(rows: MemoryTree<Row & { readonly name: string }>): NodeId | null {
  for (const row of rows.all()) {
    let steps = 0;
    for (let at = row.parent; at !== ROOT_NODE; steps += 1) {
      const parent = rows.get(at);
      if (!parent || steps > rows.size) return row.node;
      at = parent.parent;
    }
  }
  return null;
}

/** No orphans and no circles, in what is on disk and in what is known of the server. */
export function checkHanging({ trees, disk }: ModelDevice): void {
  const here = hanging(trees.locals);
  if (here !== null) throw new Error(`local row ${labelOf(here)} hangs in the air`);
  const there = hanging(trees.remotes);
  if (there !== null) throw new Error(`remote row ${labelOf(there)} hangs in the air`);
  for (const node of disk.keys())
    if (!trees.locals.get(node)) throw new Error(`content of ${labelOf(node)} stands on disk without a name`);
}

/** At rest: the device holds the server's tree, and planning anything again wants nothing. */
export function checkAgreement(device: ModelDevice, server: ModelServer, devices: number): void {
  const { trees, number } = device;
  if (!device.idle) throw new Error(`device ${number} has work under way for ever`);
  if (number === devices - 1) checkServer(server);
  checkRemote(trees, number, server);
  const differing = trees.differing();
  if (trees.foldsCase && hasTwins(server)) {
    // What cannot stand on this disk stays where it was, and says so; all the rest is agreed on.
    if (differing.length > 0 && plan(trees, differing).holds.length === 0)
      throw new Error(`device ${number} differs and holds nothing: ${device.lastPlan}`);
    return;
  }
  // What a folder that is not synced any more keeps away says so, too.
  if ([...trees.locals.all()].some(({ condition }) => condition === 'leftover'))
    if (plan(trees, differing).holds.some(({ code }) => code === 'in-the-way')) return;
  const odd = differenceOf(device, server);
  if (odd !== null) throw new Error(`device ${number} differs: ${odd}\n--- plan\n${device.lastPlan}`);
  const again = plan(trees, [...[...trees.locals.all()].map(({ node }) => node), ...differing]);
  if (again.done.length !== trees.locals.size + differing.length)
    throw new Error(`device ${number} does not rest: ${device.lastPlan}`);
}

/** Every node that lives there stands here, the same at the same place; nothing else does but what is left over. */
function differenceOf({ trees, disk }: ModelDevice, server: ModelServer): string | null {
  let live = 0;
  for (const { node, parent, name, kind, live: lives, line } of server.nodes.all()) {
    if (!lives || node === ROOT_NODE) continue;
    live += 1;
    const row = trees.locals.get(node);
    const at = `${name} [${labelOf(node)}]`;
    if (!row || row.parked || row.parent !== parent || row.name !== name || row.kind !== kind)
      return `${at} does not stand here as it does there`;
    const content = line.at(-1)?.content ?? null;
    if (kind !== 'folder' && !sameContent(content, disk.get(node) ?? null))
      return `${at} is ${tokenOf(content)} there and ${tokenOf(disk.get(node) ?? null)} here`;
    const base = trees.synced(node);
    if (!base || base.parent !== parent || base.name !== name) return `${at} is not agreed on`;
  }
  let here = 0;
  for (const row of trees.locals.all()) {
    if (row.condition !== 'leftover') here += 1;
    else if (trees.localChildren(row.node).some((each) => each.condition !== 'leftover'))
      return `${row.name} is left over, and what is in it is not`;
  }
  if (here !== live) return `${here} nodes here, ${live} there`;
  return trees.synceds.size === live ? null : 'agreed on what is not there';
}

function checkServer(server: ModelServer): void {
  for (const { node, parent, live } of server.nodes.all()) {
    if (node === ROOT_NODE || !live) continue;
    const folder = server.nodes.get(parent);
    if (!folder?.live || folder.kind !== 'folder')
      throw new Error(`${labelOf(node)} is an orphan on the server`);
  }
}

/** The remote tree is the server's, dead nodes, revisions and all. */
function checkRemote(trees: MemoryTrees, number: number, server: ModelServer): void {
  for (const there of server.nodes.all()) {
    if (there.node === ROOT_NODE || isKnown(trees, there)) continue;
    throw new Error(`device ${number} has another idea of ${labelOf(there.node)} than the server`);
  }
}

function isKnown(
  trees: MemoryTrees,
  { node, parent, name, live, rev, entrySeq, deadSeq }: ServerNode,
): boolean {
  const row = trees.remotes.get(node);
  return (
    row !== null &&
    row.parent === parent &&
    row.name === name &&
    row.live === live &&
    row.entryRev === rev &&
    row.entrySeq === entrySeq &&
    row.deadSeq === deadSeq
  );
}

function hasTwins(server: ModelServer): boolean {
  const seen = new Set<string>();
  for (const { live, parent, name } of server.nodes.all()) {
    const slot = `${parent}/${foldKey(name)}`;
    if (live && seen.has(slot)) return true;
    if (live) seen.add(slot);
  }
  return false;
}

/** Every content that a user saved is a head, unless a user who had it threw it away. */
export function checkContents(server: ModelServer, oracle: Oracle): void {
  const visible = new Set(
    [...server.nodes.all()].map((each) => (each.live ? each.line.at(-1)?.content : null)),
  );
  for (const content of oracle.written) {
    if (!visible.has(content) && !oracle.superseded.has(content))
      throw new Error(`content ${tokenOf(content)} is lost`);
  }
}
