/** I8 and I6 of the server: its namespace is a tree, and what a snapshot gives is what the journal tells. */
import { nfcKey } from '../../../src/core/names/fold.ts';
import { ROOT_NODE } from '../../../src/protocol/ids.ts';
import type { JournalEvent } from '../../../src/protocol/journal.ts';
import type { FoldedNode, ServerFold } from '../server-fold.ts';

/** I8: rooted, without circles, nothing live under what is dead, names unique by their NFC bytes. */
export function serverTreeFaults(fold: ServerFold): string[] {
  const faults: string[] = [];
  const taken = new Map<string, FoldedNode>();
  for (const node of fold.nodes.values()) {
    if (node.node === ROOT_NODE || !node.live) continue;
    const parent = node.parent === ROOT_NODE ? null : fold.nodes.get(node.parent);
    if (parent === undefined) faults.push(`I8 ${node.name} (${node.node}) stands in no folder`);
    else if (parent !== null && parent.kind !== 'folder')
      faults.push(`I8 ${node.name} (${node.node}) stands in a ${parent.kind}`);
    else if (fold.pathOf(node.node) === null)
      faults.push(`I8 ${node.name} (${node.node}) lives, and something above it does not`);
    const place = `${node.parent}/${nfcKey(node.name)}`;
    const other = taken.get(place);
    if (other !== undefined)
      faults.push(`I8 ${other.node} and ${node.node} both stand at ${fold.pathOf(node.node)}`);
    taken.set(place, node);
  }
  return faults;
}

/** I6: fold(journal) = state, node by node. */
export function snapshotFaults(fold: ServerFold, snapshot: readonly JournalEvent[]): string[] {
  const states = new Map(snapshot.map((event) => [event.node, event]));
  const faults: string[] = [];
  for (const node of fold.nodes.values()) {
    const told = states.get(node.node);
    states.delete(node.node);
    if (node.node === ROOT_NODE) continue;
    if (told === undefined) {
      if (node.live) faults.push(`I6 ${node.name} (${node.node}) lives in the journal, and in no snapshot`);
      continue;
    }
    const journal = sayingOf(node.parent, node.name, node.live, node.deadSeq, node.head?.version);
    const { parent, name, live, deadSeq } = told.entry;
    const state = sayingOf(parent, name, live, deadSeq, told.head?.version);
    if (journal !== state)
      faults.push(`I6 ${node.name} (${node.node}): the journal says ${journal}, the snapshot ${state}`);
  }
  for (const node of states.keys())
    if (node !== ROOT_NODE) faults.push(`I6 ${node} is in a snapshot, and the journal never named it`);
  return faults;
}

function sayingOf(...what: readonly unknown[]): string {
  return JSON.stringify(what.map((each) => each ?? null));
}
