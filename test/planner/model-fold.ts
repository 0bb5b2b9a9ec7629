/** A device's remote tree: the journal, row by row in its order, is exactly the server's tree at the cursor. */
import type { NodeId } from '../../src/protocol/ids.ts';
import type { MemoryTrees } from './memory-trees.ts';
import type { Event } from './model-claims.ts';

export function fold(trees: MemoryTrees, event: Event): void {
  if (trees.remote(event.parent) === null) throw new Error('a child before its parent');
  put(trees, event);
  if (event.subtree !== null) foldBelow(trees, event, event.node);
}

/** One row, as the event tells it. */
export function put(trees: MemoryTrees, event: Event): void {
  const { node, kind, parent, name, live, rev, entrySeq, deadSeq, head } = event;
  trees.remotes.put({
    node,
    kind,
    parent,
    name,
    live,
    entryRev: rev,
    entrySeq,
    deadSeq,
    approved: false,
    head,
  });
}

/** What died or lives again with a folder. */
function foldBelow(trees: MemoryTrees, event: Event, folder: NodeId): void {
  const live = event.subtree === 'revived';
  for (const row of [...trees.remotes.childrenOf(folder)]) {
    if (live ? row.deadSeq !== event.batch : !row.live) continue;
    const { seq } = event;
    trees.remotes.put({
      ...row,
      live,
      deadSeq: live ? null : seq,
      entrySeq: seq,
      entryRev: row.entryRev + 1,
    });
    foldBelow(trees, event, row.node);
  }
}
