/** Heads, versions and nodes. */
import { parseNamespaceId, ROOT_NODE } from '../../src/protocol/ids.ts';
import { int, type Row, text, textOrNull } from '../metadata/sqlite-values.ts';
import { type CheckParts, type Found, noRepair, rows } from './finding.ts';

const NEWEST = `(SELECT v.epoch || '.' || v.seq FROM versions v WHERE v.ns = o.ns AND v.node = o.id
  ORDER BY v.number DESC LIMIT 1)`;

export function checkTree(parts: CheckParts): readonly Found[] {
  return [
    ...missingHeads(parts),
    ...behindJournal(parts),
    ...homelessVersions(parts),
    ...lostNodes(parts),
    ...aheadOfJournal(parts),
    ...counts(parts),
    ...conflicts(parts),
  ];
}

const namespaceOf = (row: Row) => parseNamespaceId(row['ns_id']);

/** Puts the newest version there is at the head. */
function headFound(row: Row, code: 'head-missing' | 'node-behind-journal', sentence: string): Found {
  const [id, newest] = [text(row, 'id'), textOrNull(row, 'newest')];
  const subject = `node ${id}`;
  if (newest === null)
    return noRepair(code, subject, `${sentence} It has no version at all: restore it from a backup.`);
  const [ns, seq] = [int(row, 'ns'), Number(newest.split('.')[1])];
  return {
    code,
    subject,
    sentence,
    repair: `Its newest version, ${newest}, becomes its head.`,
    mend: (db) => {
      db.prepare('UPDATE nodes SET head = ?, head_seq = ? WHERE ns = ? AND id = ?').run(newest, seq, ns, id);
    },
    epochOf: namespaceOf(row),
  };
}

function missingHeads({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT o.ns, n.id AS ns_id, o.id, o.name, o.head, ${NEWEST} AS newest
      FROM nodes o JOIN namespaces n ON n.no = o.ns
      WHERE (o.head IS NOT NULL OR o.kind <> 'folder') AND NOT EXISTS (SELECT 1 FROM versions v
        WHERE v.ns = o.ns AND v.seq = o.head_seq AND v.node = o.id AND v.epoch || '.' || v.seq = o.head)`,
  );
  return found.map((row) =>
    headFound(row, 'head-missing', `The head of "${text(row, 'name')}" is a version that is not there.`),
  );
}

function behindJournal({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT o.ns, n.id AS ns_id, o.id, o.name, ${NEWEST} AS newest FROM nodes o JOIN namespaces n ON n.no = o.ns
      JOIN versions h ON h.ns = o.ns AND h.seq = o.head_seq AND h.node = o.id
      WHERE o.head_seq < (SELECT max(j.head_seq) FROM journal j WHERE j.ns = o.ns AND j.node = o.id)`,
  );
  return found.map((row) =>
    headFound(
      row,
      'node-behind-journal',
      `The journal knows a newer head of "${text(row, 'name')}" than its node does.`,
    ),
  );
}

/** A name that nobody else has, so that nothing stands in the way. */
const nameFor = (id: string) => `recovered ${id}`;

function homelessVersions({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT v.ns, n.id AS ns_id, v.node, max(v.number) AS number, max(v.seq) AS seq, n.head_seq,
        count(*) AS versions, v.manifest IS NULL AS is_link FROM versions v JOIN namespaces n ON n.no = v.ns
      WHERE NOT EXISTS (SELECT 1 FROM nodes o WHERE o.ns = v.ns AND o.id = v.node) GROUP BY v.ns, v.node`,
  );
  return found.map((row) => {
    const id = text(row, 'node');
    return {
      code: 'version-without-node',
      subject: `node ${id}`,
      sentence: `${int(row, 'versions')} versions are of a file that is in no folder.`,
      repair: `It stands in the top folder as "${nameFor(id)}".`,
      mend: (write) => {
        write
          .prepare(
            `INSERT INTO nodes (ns, id, kind, parent, name, name_key, rev, entry_seq, entry_device, entry_at,
                dead_seq, successor, head, head_seq, conflict)
              SELECT v.ns, v.node, ?, ?, ?, ?, 1, v.seq, v.device, v.at, 0, NULL, v.epoch || '.' || v.seq, v.seq, NULL
              FROM versions v WHERE v.ns = ? AND v.seq = ?`,
          )
          .run(
            int(row, 'is_link') === 1 ? 'symlink' : 'file',
            ROOT_NODE,
            nameFor(id),
            nameFor(id),
            int(row, 'ns'),
            int(row, 'seq'),
          );
      },
      epochOf: namespaceOf(row),
    };
  });
}

/** Live nodes that no path leads to: below what is dead, missing or no folder, or in a ring. */
function lostNodes({ db }: CheckParts): readonly Found[] {
  const found: Found[] = [];
  for (const ns of rows(db, 'SELECT no, id FROM namespaces')) {
    const live = new Map<string, Place>();
    const all = rows(
      db,
      'SELECT id, parent, kind, name FROM nodes WHERE ns = ? AND dead_seq = 0',
      int(ns, 'no'),
    );
    for (const row of all)
      live.set(text(row, 'id'), {
        parent: textOrNull(row, 'parent'),
        isFolder: row['kind'] === 'folder',
        name: text(row, 'name'),
      });
    for (const id of culprits(live)) found.push(lostNode(ns, id, live.get(id)?.name ?? ''));
  }
  return found;
}

interface Place {
  readonly parent: string | null;
  readonly isFolder: boolean;
  readonly name: string;
}

/** Those that must be moved for all to be reached: the top of each lost branch, and one of each ring. */
function culprits(live: ReadonlyMap<string, Place>): ReadonlySet<string> {
  const settled = new Set<string>();
  const lost = new Set<string>();
  for (const start of live.keys()) {
    const way = new Set<string>();
    let at = start;
    while (!settled.has(at) && !way.has(at)) {
      way.add(at);
      const parent = live.get(at)?.parent ?? null;
      if (parent === null) break;
      if (live.get(parent)?.isFolder !== true) {
        lost.add(at);
        break;
      }
      at = parent;
    }
    if (way.has(at) && live.get(at)?.parent !== null && !lost.has(at)) lost.add(at);
    for (const id of way) settled.add(id);
  }
  return lost;
}

function lostNode(ns: Row, id: string, name: string): Found {
  return {
    code: 'node-lost',
    subject: `node ${id}`,
    sentence: `"${name}" lives, but no folder that lives leads to it.`,
    repair: `It stands in the top folder as "${nameFor(id)}", with all that is below it.`,
    mend: (write) => {
      write
        .prepare('UPDATE nodes SET parent = ?, name = ?, name_key = ?, rev = rev + 1 WHERE ns = ? AND id = ?')
        .run(ROOT_NODE, nameFor(id), nameFor(id), int(ns, 'no'), id);
    },
    epochOf: parseNamespaceId(ns['id']),
  };
}

function aheadOfJournal({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT o.id, o.name FROM nodes o JOIN namespaces n ON n.no = o.ns
      WHERE max(o.entry_seq, o.head_seq, o.dead_seq) > n.head_seq
        AND n.head_seq >= coalesce((SELECT max(j.seq) FROM journal j WHERE j.ns = n.no), 0)`,
  );
  return found.map((row) =>
    noRepair(
      'node-ahead',
      `node ${text(row, 'id')}`,
      `"${text(row, 'name')}" was changed later than the journal ends.`,
    ),
  );
}

function counts({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT n.no, n.id, n.node_count, (SELECT count(*) FROM nodes o WHERE o.ns = n.no) AS counted FROM namespaces n
      WHERE n.node_count <> counted`,
  );
  return found.map((row) => ({
    code: 'node-count',
    subject: `namespace ${text(row, 'id')}`,
    sentence: `The namespace says that it has ${int(row, 'node_count')} nodes, and has ${int(row, 'counted')}.`,
    repair: 'The number is set right.',
    mend: (write) => {
      write
        .prepare(
          'UPDATE namespaces SET node_count = (SELECT count(*) FROM nodes WHERE ns = :no) WHERE no = :no',
        )
        .run({
          no: int(row, 'no'),
        });
    },
    epochOf: null,
  }));
}

function conflicts({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT c.id FROM conflicts c WHERE NOT EXISTS (SELECT 1 FROM nodes o WHERE o.ns = c.ns AND o.id = c.original)
      OR NOT EXISTS (SELECT 1 FROM nodes o WHERE o.ns = c.ns AND o.id = c.copy)`,
  );
  return found.map((row) =>
    noRepair(
      'conflict-without-node',
      `conflict ${text(row, 'id')}`,
      'One side of a conflict is a file that is not there.',
    ),
  );
}
