/** Claims under way: durable before the first send, kept until answered (RULES 5, 9). */
import { Claim } from '../../protocol/claims.ts';
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import { parserOf } from '../../protocol/schema.ts';
import { ClaimedNames } from './claimed-names.ts';
import { type Db, durably } from './database.ts';
import type { MetaTable } from './meta.ts';

const parseClaim = parserOf(Claim);

/** Noted durably until all was looked at: the server knows keys of this device that its state does not. */
export const OLDER_STATE = 'older-state';

/** Keys of claims that were sent before the state was put back and arrive after it. */
const ON_THEIR_WAY = 1000;

interface Row {
  key: number;
  node: string;
  body: string;
  abandoned: number;
}

export class ClaimsTable {
  private readonly db: Db;
  private readonly meta: MetaTable;
  private readonly sql;
  /** Nodes with abandoned claims: hardly ever any, asked for with every claim. */
  private readonly abandoned = new Set<NodeId>();
  private readonly byVerb = new Set<number>();
  readonly names = new ClaimedNames();
  /** Below it every key was answered when the state was last flushed: a power cut brings none of them back. */
  private settled: number;
  /** Keys that somebody is sending just now, and will until they are answered. */
  readonly delivering = new Set<number>();

  constructor(db: Db, meta: MetaTable) {
    this.db = db;
    this.meta = meta;
    this.sql = {
      add: db.prepare('INSERT INTO claims (key, node, body, by_verb) VALUES (?, ?, ?, ?)'),
      remove: db.prepare('DELETE FROM claims WHERE key = ?'),
      abandon: db.prepare('UPDATE claims SET abandoned = 1 WHERE key = ?'),
      open: db.prepare<[], Row>(
        'SELECT key, node, body, abandoned FROM claims WHERE abandoned = 0 ORDER BY key',
      ),
      abandonedOf: db.prepare<[string], { key: number }>(
        'SELECT key FROM claims WHERE node = ? AND abandoned = 1 ORDER BY key LIMIT 64',
      ),
      has: db.prepare<[number], { one: number }>('SELECT 1 AS one FROM claims WHERE key = ?'),
      isOpen: db.prepare<[string], { one: number }>(
        'SELECT 1 AS one FROM claims WHERE node = ? AND abandoned = 0 LIMIT 1',
      ),
      dropAbandoned: db.prepare('DELETE FROM claims WHERE node = ? AND abandoned = 1 AND key < ?'),
      dropAbandonedPlaces: db.prepare(
        `DELETE FROM claims WHERE node = ? AND abandoned = 1 AND key < ?
           AND json_extract(body, '$.op') IN ('move', 'rearrange', 'delete')`,
      ),
      dropOrphans: db.prepare(
        `DELETE FROM claims WHERE abandoned = 1 AND node NOT IN
           (SELECT node FROM local UNION ALL SELECT node FROM synced UNION ALL SELECT node FROM remote)`,
      ),
      lowest: db.prepare<[], { key: number | null }>('SELECT min(key) AS key FROM claims'),
      clear: db.prepare('DELETE FROM claims'),
    };
    const rows = db
      .prepare<[], { node: string }>('SELECT DISTINCT node FROM claims WHERE abandoned = 1')
      .all();
    const verbs = db.prepare<[], { key: number }>('SELECT key FROM claims WHERE by_verb = 1').all();
    for (const row of verbs) this.byVerb.add(row.key);
    for (const row of rows) this.abandoned.add(parseNodeId(row.node));
    for (const claim of this.unanswered()) this.names.add(claim);
    this.settled = this.lowestOpen();
  }

  /**
   * Draws fresh keys and makes the claims durable, in one flushed transaction. `byVerb`: the user asked for it by name, and
   * this disk does not show it yet.
   */
  add(make: (nextKey: () => number) => readonly Claim[], byVerb = false): readonly Claim[] {
    const added = durably(this.db, () => {
      let key = this.meta.number('next-key') || 1;
      const claims = make(() => {
        key += 1;
        return key - 1;
      });
      this.meta.set('next-key', String(key));
      for (const claim of claims) {
        this.sql.add.run(claim.key, claim.node, JSON.stringify(claim), byVerb ? 1 : 0);
        if (byVerb) this.byVerb.add(claim.key);
        this.names.add(claim);
      }
      return claims;
    });
    this.settled = this.lowestOpen();
    return added;
  }

  /**
   * The server knows keys of this device that its state does not: it was put back. From here on keys are drawn above them,
   * and above those that may still be on their way. Two claims under one key would have the effects of the one that the
   * server knows taken for those of the other, as soon as somebody names that key as unanswered. What is missing on this
   * disk is not believed to be deleted either: see `older-state.ts`.
   */
  skipTo(keysBelow: number): void {
    if (keysBelow <= (this.meta.number('next-key') || 1)) return;
    durably(this.db, () => {
      this.meta.set('next-key', String(keysBelow + ON_THEIR_WAY));
      this.meta.set(OLDER_STATE, 'yes');
    });
    this.settled = this.lowestOpen();
  }

  /** This disk follows it by the journal, as if another device had done it. */
  isByVerb(key: number): boolean {
    return this.byVerb.has(key);
  }

  settle(key: number): void {
    this.byVerb.delete(key);
    this.sql.remove.run(key);
    this.names.remove(key);
  }

  /** False: it was answered, or the history it was made from ended. */
  has(key: number): boolean {
    return this.sql.has.get(key) !== undefined;
  }

  /** A claim about it was made, and what became of it is not known yet. */
  isOpen(node: NodeId): boolean {
    return this.sql.isOpen.get(node) !== undefined;
  }

  /** The bytes of the claim are gone, or the server no longer takes it: the node's next claim names this key. */
  abandon(key: number, node: NodeId): void {
    this.sql.abandon.run(key);
    this.abandoned.add(node);
    this.names.remove(key);
  }

  abandonedKeys(node: NodeId): number[] {
    if (!this.abandoned.has(node)) return [];
    return this.sql.abandonedOf.all(node).map((row) => row.key);
  }

  /**
   * A later claim that named them was answered: they can never commit any more. One that is about the place alone leaves
   * those that made contents: the next edit has to know what they made, or it clashes with it (RULES 5).
   */
  dropAbandoned({ node, op, key }: Claim): void {
    if (!this.abandoned.has(node)) return;
    const places = op === 'move' || op === 'rearrange';
    (places ? this.sql.dropAbandonedPlaces : this.sql.dropAbandoned).run(node, key);
    if (this.sql.abandonedOf.get(node) === undefined) this.abandoned.delete(node);
  }

  /** Nothing is left of their nodes, so no claim will name them: they are settled, and the server may forget them. */
  dropOrphans(): void {
    this.sql.dropOrphans.run();
  }

  /** Claims without an answer, oldest first. */
  unanswered(): readonly Claim[] {
    const claims: Claim[] = [];
    for (const row of this.sql.open.all()) {
      const parsed = parseClaim(JSON.parse(row.body));
      if (parsed.kind === 'ok') claims.push(parsed.value);
      else this.abandon(row.key, parseNodeId(row.node));
    }
    return claims;
  }

  /** Every key below this is answered and durable here. */
  settledBelow(): number {
    return this.settled;
  }

  private lowestOpen(): number {
    return this.sql.lowest.get()?.key ?? (this.meta.number('next-key') || 1);
  }

  clear(): void {
    this.sql.clear.run();
    this.byVerb.clear();
    this.names.clear();
  }
}
