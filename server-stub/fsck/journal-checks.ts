/** The journal of each namespace: dense, chained, and ending where the namespace says. */
import type Database from 'better-sqlite3';
import { parseNamespaceId } from '../../src/protocol/ids.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { JournalRead, NamespaceRow } from '../metadata/rows.ts';
import { runningHash } from '../metadata/rules/ledger.ts';
import { type CheckParts, type Found, noRepair, rows } from './finding.ts';

const PAGE = 2000;

interface Walked {
  /** Where the dense, readable end of the journal begins: the row before it, and its hash. */
  floor: { seq: number; hash: string };
  /** Hashes as they should be, of rows whose own differ. */
  readonly wrong: { readonly seq: number; readonly hash: string }[];
  gaps: number;
  last: { seq: number; hash: string };
}

export async function checkJournals(parts: CheckParts, store: MetadataStore): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const row of rows(parts.db, 'SELECT id FROM namespaces ORDER BY no'))
    found.push(...(await checkOne(parts, store, parseNamespaceId(row['id']))));
  return [...found, ...cursorsAhead(parts)];
}

async function checkOne(
  parts: CheckParts,
  store: MetadataStore,
  id: NamespaceRow['id'],
): Promise<readonly Found[]> {
  const subject = `namespace ${id}`;
  try {
    const { ns, walked } = await store.read(async (tx) => {
      const row = await tx.namespace(id);
      if (row === null) throw new Error('there is no such namespace');
      const state = begin(row);
      for (;;) {
        const page = await tx.journalAfter(id, state.last.seq, PAGE);
        for (const each of page) step(parts, state, each);
        if (page.length < PAGE) return { ns: row, walked: state };
      }
    });
    return judge(ns, walked);
  } catch (cause) {
    return [noRepair('row-unreadable', subject, `Its journal cannot be read: ${String(cause)}.`)];
  }
}

function begin(ns: NamespaceRow): Walked {
  const floor = { seq: ns.floorSeq, hash: ns.floorHash };
  return { floor, wrong: [], gaps: 0, last: { ...floor } };
}

function step({ blake3 }: CheckParts, state: Walked, row: JournalRead): void {
  if (row.seq !== state.last.seq + 1) {
    state.gaps += 1;
    state.wrong.length = 0;
    // Nobody knows the hash before it: the chain goes on from what the row itself says.
    state.floor = { seq: row.seq, hash: row.hash };
    state.last = { seq: row.seq, hash: row.hash };
    return;
  }
  const hash = runningHash(blake3, state.last.hash, row.seq, row, row.device);
  if (hash !== row.hash) state.wrong.push({ seq: row.seq, hash });
  state.last = { seq: row.seq, hash };
}

function judge(ns: NamespaceRow, { floor, wrong, gaps, last }: Walked): readonly Found[] {
  const found: Found[] = [];
  const subject = `namespace ${ns.id}`;
  const setHead = (db: Database.Database) => {
    const head = Math.max(last.seq, ns.headSeq);
    db.prepare('UPDATE namespaces SET head_seq = ?, head_hash = ? WHERE id = ?').run(head, last.hash, ns.id);
    // Seqs are never given twice: behind a journal that lost its end they go on where it said it was.
    if (head > last.seq)
      db.prepare('UPDATE namespaces SET floor_seq = ?, floor_hash = ?, floor_at = NULL WHERE id = ?').run(
        head,
        last.hash,
        ns.id,
      );
  };
  if (gaps > 0)
    found.push({
      code: 'journal-gap',
      subject,
      sentence: `${gaps} pieces of its journal are missing.`,
      repair: `Devices begin behind the last gap, at ${floor.seq}, and compare; what is left of the rows before stays.`,
      mend: (db) => {
        db.prepare('UPDATE namespaces SET floor_seq = ?, floor_hash = ?, floor_at = NULL WHERE id = ?').run(
          floor.seq,
          floor.hash,
          ns.id,
        );
      },
      epochOf: ns.id,
    });
  if (wrong.length > 0)
    found.push({
      code: 'journal-hash',
      subject,
      sentence: `${wrong.length} rows of its journal, from ${wrong[0]?.seq} on, are not the ones that were written.`,
      repair: 'They are chained as they are now, and every device compares.',
      mend: (db) => {
        const set = db.prepare(
          'UPDATE journal SET hash = ? WHERE seq = ? AND ns = (SELECT no FROM namespaces WHERE id = ?)',
        );
        for (const { seq, hash } of wrong) set.run(hash, seq, ns.id);
        setHead(db);
      },
      epochOf: ns.id,
    });
  if (last.seq !== ns.headSeq || (wrong.length === 0 && last.hash !== ns.headHash))
    found.push({
      code: 'journal-head',
      subject,
      sentence: `Its journal ends at ${last.seq}, and it says ${ns.headSeq}${last.seq === ns.headSeq ? ' with another hash' : ''}.`,
      repair: 'It goes on behind both, and every device compares.',
      mend: setHead,
      epochOf: ns.id,
    });
  return found;
}

/** A device has seen what this database does not know: it was put back without a word. */
function cursorsAhead({ db }: CheckParts): readonly Found[] {
  const found = rows(
    db,
    `SELECT n.id, count(*) AS devices, max(c.seq) AS seq, n.head_seq FROM cursors c JOIN namespaces n ON n.no = c.ns
      WHERE c.epoch = n.epoch AND c.seq > n.head_seq GROUP BY n.no`,
  );
  return found.map((row) => ({
    code: 'cursor-ahead',
    subject: `namespace ${String(row['id'])}`,
    sentence: `${String(row['devices'])} devices have seen changes up to ${String(row['seq'])}, and it ends at ${String(row['head_seq'])}.`,
    repair: 'A new epoch begins, and every device compares: what is missing here goes up once more.',
    mend: () => undefined,
    epochOf: parseNamespaceId(row['id']),
  }));
}
