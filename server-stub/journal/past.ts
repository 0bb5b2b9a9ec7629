/** What was: versions of a node, the trash, and the conflicts that are still open. */
import type { NamespaceId, NodeId } from '../../src/protocol/ids.ts';
import type { Keeping } from '../../src/protocol/retention.ts';
import type { ConflictsAnswer, HistoryAnswer, TrashAnswer } from '../../src/protocol/routes.ts';
import { EventBuilder } from '../metadata/event-of.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import { type KeepingRules, keepingOf } from '../retention/what-is-kept.ts';
import { PathReader } from './places.ts';

/** Versions newest first, without those that were let go. `null`: there is no such node. */
export async function history(
  tx: ReadTx,
  ns: NamespaceId,
  id: NodeId,
  rules: KeepingRules,
): Promise<HistoryAnswer | null> {
  const node = await tx.node(ns, id);
  if (node === null) return null;
  const builder = new EventBuilder(tx, ns);
  const kept = await keepingOf(tx, ns, node, rules);
  const versions: HistoryAnswer['versions'] = [];
  const keeping: Keeping[] = [];
  for (const row of await tx.history(ns, id)) {
    const how = kept.get(row.version.id);
    if (how === undefined) continue;
    versions.push(await builder.head(row));
    keeping.push(how);
  }
  const [current] = await builder.ofNodes([id]);
  const causes = await tx.versionCauses(ns, id);
  return {
    versions,
    current: current ?? null,
    causes: versions.map(({ seq }) => causes.get(seq) ?? null),
    keeping,
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
