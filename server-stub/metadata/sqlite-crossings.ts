/** What went from one namespace into another. */
import { parseNamespaceId, parseNodeId, parseVersionId } from '../../src/protocol/ids.ts';
import type { CrossingRow } from './crossing-rows.ts';
import type { ReadTx, WriteTx } from './metadata-store.ts';
import type { Connection } from './sqlite-connection.ts';
import { int, type Row } from './sqlite-values.ts';

const COLUMNS = `t.id AS namespace, c.node, c.version, f.id AS from_namespace, c.from_node, c.from_version,
  c.from_number FROM crossings c JOIN namespaces t ON t.no = c.ns JOIN namespaces f ON f.no = c.from_ns`;

function crossingRow(row: Row): CrossingRow {
  return {
    to: {
      namespace: parseNamespaceId(row['namespace']),
      node: parseNodeId(row['node']),
      version: parseVersionId(row['version']),
    },
    from: {
      namespace: parseNamespaceId(row['from_namespace']),
      node: parseNodeId(row['from_node']),
      version: parseVersionId(row['from_version']),
      number: int(row, 'from_number'),
    },
  };
}

export function crossingReads(db: Connection): Pick<ReadTx, 'crossingsInto' | 'crossingsOutOf'> {
  const into = db.sql(`SELECT ${COLUMNS} WHERE c.ns = ? AND c.node = ? ORDER BY c.version`);
  const out = db.sql(`SELECT ${COLUMNS} WHERE c.from_ns = ? AND c.from_node = ? ORDER BY c.ns, c.version`);
  return {
    crossingsInto: (ns, node) => into.all(db.namespace(ns), node).map(crossingRow),
    crossingsOutOf: (ns, node) => out.all(db.namespace(ns), node).map(crossingRow),
  };
}

export function crossingWrites(db: Connection): Pick<WriteTx, 'addCrossing'> {
  const add = db.sql(`INSERT INTO crossings (ns, version, node, from_ns, from_version, from_node, from_number)
    VALUES (?, ?, ?, ?, ?, ?, ?)`);
  return {
    addCrossing: ({ to, from }) =>
      void add.run(
        db.namespace(to.namespace),
        to.version,
        to.node,
        db.namespace(from.namespace),
        from.version,
        from.node,
        from.number,
      ),
  };
}
