/** What a reader of the journal ends up with: the plainest possible fold of events into a tree, by the wire contract. */
import assert from 'node:assert/strict';
import { nfcKey } from '../../src/core/names/fold.ts';
import type { NodeId } from '../../src/protocol/ids.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';

export interface Folded {
  readonly node: NodeId;
  readonly kind: JournalEvent['kind'];
  readonly entry: JournalEvent['entry'];
  readonly head: JournalEvent['head'];
}

export type Tree = Map<NodeId, Folded>;

/** Folds one event. Entry and head are monotone each; what is below counts as of the event's seq. */
export function foldEvent(tree: Tree, event: JournalEvent): void {
  const known = tree.get(event.node);
  const newerEntry = known === undefined || event.entry.seq > known.entry.seq;
  const newerHead = known === undefined || (event.head?.seq ?? 0) > (known.head?.seq ?? 0);
  tree.set(event.node, {
    node: event.node,
    kind: newerHead ? event.kind : (known?.kind ?? event.kind),
    entry: newerEntry ? event.entry : (known?.entry ?? event.entry),
    head: newerHead ? event.head : (known?.head ?? null),
  });
  if (event.subtree !== null) foldBelow(tree, event, event.node);
}

function foldBelow(tree: Tree, event: JournalEvent, above: NodeId): void {
  for (const child of [...tree.values()].filter((row) => row.entry.parent === above)) {
    const { entry } = child;
    if (entry.seq > event.seq) continue;
    const dies = event.subtree === 'dead' && entry.live;
    const returns = event.subtree === 'revived' && entry.deadSeq === event.revivedBatch;
    if (!dies && !returns) continue;
    const changed = { live: returns, rev: entry.rev + 1, seq: event.seq, deadSeq: dies ? event.seq : null };
    const successor = returns ? null : entry.successor;
    tree.set(child.node, { ...child, entry: { ...entry, ...changed, successor } });
    foldBelow(tree, event, child.node);
  }
}

export function fold(events: readonly JournalEvent[]): Tree {
  const tree: Tree = new Map();
  for (const event of events) foldEvent(tree, event);
  return tree;
}

/** I8: rooted, acyclic, nothing live under the dead, names unique. */
export function checkTree(tree: Tree): void {
  checkShape(tree);
  const names = new Set<string>();
  for (const { entry } of tree.values()) {
    if (!entry.live) continue;
    const key = `${entry.parent}/${nfcKey(entry.name)}`;
    assert.ok(!names.has(key), `two live nodes at ${key}`);
    names.add(key);
  }
}

/** What holds after every single row, also inside a rearrangement, where a name may be taken before it is given up. */
export function checkShape(tree: Tree): void {
  for (const { node, entry } of tree.values()) {
    assert.notEqual(entry.parent, null, `${node} has no parent`);
    const seen = new Set<NodeId>([node]);
    for (let at = entry.parent; at !== null && at !== ROOT_NODE; ) {
      assert.ok(!seen.has(at), `${node} is below itself`);
      seen.add(at);
      const above = tree.get(at);
      assert.ok(above !== undefined, `${at} is nowhere`);
      assert.equal(above.kind, 'folder');
      if (entry.live) assert.ok(above.entry.live, `${node} lives under the dead ${at}`);
      at = above.entry.parent;
    }
  }
}

/** Folds a journal row by row; it is a tree after every one. */
export function foldRows(events: readonly JournalEvent[]): Tree {
  const tree: Tree = new Map();
  for (const event of events) {
    foldEvent(tree, event);
    checkShape(tree);
  }
  checkTree(tree);
  return tree;
}

/**
 * Folds an answer ahead of the journal: contents at once, places of files too, but of folders only what is new. Where a
 * known folder stands is left to the journal, or an earlier subtree event would no longer find what was below it.
 */
export function foldAnswer(tree: Tree, event: JournalEvent): void {
  if (event.kind === 'folder' && (tree.has(event.node) || event.cause !== 'create')) return;
  if (event.entry.parent !== ROOT_NODE && !tree.has(event.entry.parent!)) return;
  foldEvent(tree, event);
}

/** Paths of what lives, with contents, for readable comparisons. */
export function paths(tree: Tree): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { node, entry, head, kind } of tree.values()) {
    if (!entry.live) continue;
    const names: string[] = [];
    for (let at: NodeId | null = node; at !== null && at !== ROOT_NODE; ) {
      const row: Folded | undefined = tree.get(at);
      if (row === undefined) break;
      names.unshift(row.entry.name);
      at = row.entry.parent;
    }
    found[names.join('/')] = kind === 'folder' ? 'folder' : `V${head?.number}`;
  }
  return Object.fromEntries(Object.entries(found).sort());
}
