/**
 * The nodes whose trees may differ. Whatever writes a tree row names the node here; the loop takes them from here, so
 * that planning costs what differs and never the size of the tree.
 */
import { type NodeId, parseNodeId } from '../../protocol/ids.ts';
import type { Db } from './database.ts';

/**
 * `away`: what stays online by choice, whose absence here is no difference. What a problem is told of is decided about too:
 * it may be over, and a kill or a power cut came before that was written.
 */
const DIFFERENT = `
WITH RECURSIVE away (node) AS (SELECT node FROM online
 UNION SELECT remote.node FROM away CROSS JOIN remote ON remote.parent = away.node)
SELECT local.node AS node FROM local LEFT JOIN synced USING (node)
 WHERE synced.node IS NULL OR local.parent <> synced.parent OR local.name <> synced.name OR local.hashed = 0 OR local.parked = 1
    OR (local.kind <> 'folder' AND (local.stamp <> synced.stamp OR local.manifest IS NOT synced.manifest
        OR local.target IS NOT synced.target OR local.executable <> synced.executable))
UNION SELECT synced.node FROM synced LEFT JOIN local USING (node) WHERE local.node IS NULL
UNION SELECT remote.node FROM remote LEFT JOIN synced USING (node)
 WHERE remote.live = 1 AND CASE WHEN synced.node IS NULL THEN remote.node NOT IN (SELECT node FROM away)
    ELSE remote.parent <> synced.parent OR remote.name <> synced.name
      OR remote.entry_rev <> synced.entry_rev OR remote.version IS NOT synced.version END
UNION SELECT synced.node FROM synced LEFT JOIN remote USING (node) WHERE remote.node IS NULL OR remote.live = 0
UNION SELECT node FROM leaving
UNION SELECT node FROM problems WHERE subject = node`;

export class Frontier {
  private dirty = new Set<NodeId>();
  private readonly waiting = new Set<NodeId>();
  /** Kept from this disk by something else that stands there: no work, but looked at again when something happened. */
  private readonly held = new Set<NodeId>();
  /** Since when each node that is not in step yet differs, by `now`: the oldest first. */
  private readonly since = new Map<NodeId, number>();
  private readonly db: Db;
  now: () => number = () => 0;
  /** Called when the frontier goes from empty to not empty. */
  onWork: () => void = () => undefined;
  /** True for a node with an operation under way: it hears of the change, and the node comes back when it ends. */
  isInFlight: (node: NodeId) => boolean = () => false;
  /** Grows with every write to a tree: what was read before may be old. */
  writes = 0;

  constructor(db: Db) {
    this.db = db;
  }

  add(node: NodeId): void {
    this.writes += 1;
    if (!this.since.has(node)) this.since.set(node, this.now());
    if (this.isInFlight(node)) return;
    this.waiting.delete(node);
    this.held.delete(node);
    if (this.dirty.has(node)) return;
    this.dirty.add(node);
    if (this.dirty.size === 1) this.onWork();
  }

  /** Looked at, and undecided until something else happens. */
  park(node: NodeId): void {
    if (!this.dirty.has(node)) this.waiting.add(node);
  }

  /** Decided: it cannot be done as long as things stand as they do. */
  hold(node: NodeId): void {
    if (!this.dirty.has(node)) this.held.add(node);
  }

  /** Nothing is to be done about it. */
  settle(node: NodeId): void {
    this.since.delete(node);
  }

  /** Everything is in step. */
  settleAll(): void {
    this.since.clear();
  }

  /** What has waited for its turn the longest; what is kept from this disk waits for somebody else. */
  oldest(inFlight: (node: NodeId) => boolean): { readonly node: NodeId; readonly since: number } | null {
    for (const [node, since] of this.since) {
      const waits = this.dirty.has(node) || this.waiting.has(node) || inFlight(node);
      if (waits) return { node, since };
    }
    return null;
  }

  /** Something happened that undecided nodes may have been waiting for. */
  retryWaiting(): void {
    if (this.waiting.size + this.held.size === 0) return;
    const nodes = [...this.waiting, ...this.held];
    this.waiting.clear();
    this.held.clear();
    for (const node of nodes) this.add(node);
  }

  /** Takes up to `most` nodes, in the order they became different. */
  take(most: number): readonly NodeId[] {
    if (this.dirty.size <= most) {
      const all = [...this.dirty];
      this.dirty = new Set();
      return all;
    }
    const taken: NodeId[] = [];
    for (const node of this.dirty) {
      if (taken.length >= most) break;
      taken.push(node);
      this.dirty.delete(node);
    }
    return taken;
  }

  hasDirty(): boolean {
    return this.dirty.size > 0;
  }

  nodes(): readonly NodeId[] {
    return [...this.dirty, ...this.waiting];
  }

  get size(): number {
    return this.dirty.size + this.waiting.size;
  }

  /** Compares the trees as a whole: at start, after a snapshot was swapped in, and when asked to repair. */
  recompute(): void {
    this.writes += 1;
    for (const row of this.db.prepare<[], { node: string }>(DIFFERENT).iterate())
      this.add(parseNodeId(row.node));
  }
}
