/**
 * The server's history branched (a backup was restored). A union merge follows, in which nothing is deleted: a head that
 * is an ancestor of ours is built upon, equal contents are adopted, differing ones are both kept, and what the server
 * forgot goes up again under fresh ids (FAILURES R5).
 */

import type { SyncedNode } from '../../core/tree/nodes.ts';
import { sameContent } from '../../protocol/content.ts';
import { type Epoch, ROOT_NODE } from '../../protocol/ids.ts';
import type { RemoteRecord } from '../state/remote-tree.ts';
import type { Context } from './context.ts';
import { separateNode } from './tree-intents.ts';

/** Turns the merge base into one that fits the new history. Called inside the transaction that swaps it in. */
export function mergeNewEpoch(context: Context, epoch: Epoch): void {
  const { state } = context;
  state.meta.set('union-merge', 'yes');
  state.claims.clear();
  state.problems.noteMerge('server-restored', '', context.env.clock.now());
  state.ledger.add({
    at: context.env.clock.now(),
    node: ROOT_NODE,
    path: '',
    verb: 'merged',
    rule: 'the server began a new history',
    detail: epoch,
  });
  for (const synced of state.synced.below(ROOT_NODE)) {
    const remote = state.remote.get(synced.node);
    const local = state.local.get(synced.node);
    if (!local) state.synced.remove(synced.node);
    else if (!remote?.live || remote.kind !== local.kind) separateNode(context, synced.node);
    else rebase(context, synced, remote);
  }
}

function rebase(context: Context, synced: SyncedNode, remote: RemoteRecord): void {
  const { state } = context;
  const place = { parent: remote.parent, name: remote.name, entryRev: remote.entryRev };
  if (synced.kind === 'folder' || remote.head === null) {
    state.synced.put({ ...synced, ...place });
    return;
  }
  const head = remote.head;
  if (sameContent(head.content, synced.content))
    state.synced.put({ ...synced, ...place, version: head.version });
  else if (state.synced.wasAgreed(synced.node, head.version, head.content))
    state.synced.put({
      ...synced,
      ...place,
      version: head.version,
      content: head.content,
      stamp: '',
      lent: null,
    });
  else state.synced.remove(synced.node);
}
