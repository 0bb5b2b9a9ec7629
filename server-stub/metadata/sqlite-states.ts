/** Nodes with their heads and their last change: what snapshots, post-states and the trash are made of. */

import type { NamespaceId, NodeId } from '../../src/protocol/ids.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type { ReadTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { INLINE_MANIFEST, nodeState, VERSION_COLUMNS } from './sqlite-rows.ts';
import { int } from './sqlite-values.ts';

type StateReads = Pick<ReadTx, 'state' | 'statesAfter' | 'movedAfter' | 'trash'>;

const STATE_COLUMNS = `n.id, n.kind, n.parent, n.name, n.name_key, n.rev, n.entry_seq, n.dead_seq, n.successor, n.head,
  n.head_seq, n.conflict, n.entry_device, n.entry_at, ${VERSION_COLUMNS}, ${INLINE_MANIFEST}`;
const STATE_JOINS = `LEFT JOIN versions v ON v.ns = n.ns AND v.seq = n.head_seq AND n.head_seq > 0`;
const STATE = `SELECT ${STATE_COLUMNS} FROM nodes n ${STATE_JOINS} WHERE n.ns = :ns`;
/** Behind every node id: ids are made of hex digits. */
const LAST = 'g';

export function stateReads(db: Connection): StateReads {
  const deviceAt = (no: number) => db.deviceAt(no);
  const one = db.sql(`${STATE} AND n.id = :id`);
  // The plus keeps the walk on the primary key: the index of live names has another order.
  const live = db.sql(`${STATE} AND n.id > :after AND +n.dead_seq = 0 ORDER BY n.id LIMIT :limit`);
  const dead = db.sql(`${STATE} AND n.id > :after AND +n.dead_seq > 0 ORDER BY n.id LIMIT :limit`);
  const moved = db.sql(
    `${STATE} AND n.parent IS NOT NULL AND (n.entry_seq, n.id) > (+:seq, +:after) ORDER BY n.entry_seq, n.id LIMIT :limit`,
  );
  const trash = db.sql(`SELECT ${STATE_COLUMNS},
      (SELECT count(*) FROM nodes x WHERE x.ns = n.ns AND x.dead_seq = n.dead_seq AND x.dead_seq > 0) - 1 AS below
    FROM nodes n ${STATE_JOINS}
    WHERE n.ns = :ns AND n.dead_seq > 0 AND n.dead_seq < :before AND n.successor IS NULL AND NOT EXISTS (
      SELECT 1 FROM trash_ends e WHERE e.ns = n.ns AND e.dead_seq = n.dead_seq AND e.released_at IS NOT NULL)
      AND NOT EXISTS (
      SELECT 1 FROM nodes p WHERE p.ns = n.ns AND p.id = n.parent AND p.dead_seq = n.dead_seq)
    ORDER BY n.dead_seq DESC LIMIT :limit`);
  const scope = (ns: NamespaceId) => ({ ns: db.namespace(ns), tenant: db.tenantOf(ns) });
  return {
    state: (ns, id) => {
      const row = one.one({ ...scope(ns), id });
      return row === null ? null : nodeState(row, deviceAt);
    },
    statesAfter: (ns, living, after, limit) => {
      const walk = living ? live : dead;
      return walk
        .all({ ...scope(ns), after: after ?? ROOT_NODE, limit })
        .map((row) => nodeState(row, deviceAt));
    },
    movedAfter: (ns, seq, id: NodeId | null, limit) =>
      moved.all({ ...scope(ns), seq, after: id ?? LAST, limit }).map((row) => nodeState(row, deviceAt)),
    trash: (ns, before, limit) =>
      trash
        .all({ ...scope(ns), before: before ?? Number.MAX_SAFE_INTEGER, limit })
        .map((row) => ({ state: nodeState(row, deviceAt), below: int(row, 'below') })),
  };
}
