/** What was: versions of a node, the trash, and the conflicts that are still open. */
import type { NamespaceId, NodeId } from '../../src/protocol/ids.ts';
import type { ConflictsAnswer, HistoryAnswer, TrashAnswer } from '../../src/protocol/routes.ts';
import { EventBuilder } from '../metadata/event-of.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import { PathReader } from './places.ts';

/** Versions newest first. `null`: there is no such node. */
export async function history(tx: ReadTx, ns: NamespaceId, node: NodeId): Promise<HistoryAnswer | null> {
  if ((await tx.node(ns, node)) === null) return null;
  const builder = new EventBuilder(tx, ns);
  const versions: HistoryAnswer['versions'] = [];
  for (const row of await tx.history(ns, node)) versions.push(await builder.head(row));
  const [current] = await builder.ofNodes([node]);
  const causes = await tx.versionCauses(ns, node);
  return {
    versions,
    current: current ?? null,
    causes: versions.map(({ seq }) => causes.get(seq) ?? null),
  };
}

/** Tombstones that can be brought back, newest first, each with how much died with it. */
export async function trash(
  tx: ReadTx,
  ns: NamespaceId,
  before: number | null,
  limit: number,
): Promise<TrashAnswer> {
  const rows = await tx.trash(ns, before, limit + 1);
  const builder = new EventBuilder(tx, ns);
  const paths = new PathReader(tx, ns);
  const items: TrashAnswer['items'] = [];
  for (const { state, below } of rows.slice(0, limit)) {
    const event = await builder.ofState(state);
    items.push({ event, path: await paths.pathOf(state.node), below });
  }
  return { items, hasMore: rows.length > limit };
}

/** Open conflicts, newest first, with where both sides stand; a path is null once its node is dead. */
export async function conflicts(tx: ReadTx, ns: NamespaceId): Promise<ConflictsAnswer> {
  const builder = new EventBuilder(tx, ns);
  const paths = new PathReader(tx, ns);
  const livePath = async (id: NodeId): Promise<string | null> => {
    const node = await tx.node(ns, id);
    return node?.live ? paths.pathOf(node) : null;
  };
  const answer: ConflictsAnswer['conflicts'] = [];
  for (const row of await tx.openConflicts(ns)) {
    answer.push({
      conflict: await builder.ofConflict(row),
      originalPath: await livePath(row.original),
      copyPath: await livePath(row.copy),
    });
  }
  return { conflicts: answer };
}
