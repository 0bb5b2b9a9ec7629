/** The client's state as one object: three trees and what belongs to them, over one database with one writer. */
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';
import { ClaimsTable } from './claims-table.ts';
import { Conflicts } from './conflicts.ts';
import { CountsTable } from './counts.ts';
import type { Db } from './database.ts';
import { ExchangeIntents } from './exchange-intents.ts';
import { Frontier } from './frontier.ts';
import { Ledger } from './ledger.ts';
import { isDisplaced, LocalTree } from './local-tree.ts';
import { ManifestsTable } from './manifests-table.ts';
import { MetaTable } from './meta.ts';
import { MountsTable } from './mounts-table.ts';
import { OnlineFolders } from './online-folders.ts';
import { Problems } from './problems.ts';
import { RemoteTree } from './remote-tree.ts';
import { Reviews } from './reviews.ts';
import { SelectionQueries } from './selection-queries.ts';
import { ShapingNotes } from './shaping-notes.ts';
import { SyncedTree } from './synced-tree.ts';
import { TrashTable } from './trash-table.ts';

export class State {
  readonly db: Db;
  readonly meta: MetaTable;
  readonly frontier: Frontier;
  readonly local: LocalTree;
  readonly remote: RemoteTree;
  readonly synced: SyncedTree;
  readonly claims: ClaimsTable;
  readonly manifests: ManifestsTable;
  readonly problems: Problems;
  readonly conflicts: Conflicts;
  readonly reviews: Reviews;
  readonly trash: TrashTable;
  readonly ledger: Ledger;
  readonly intents: ExchangeIntents;
  readonly shaping: ShapingNotes;
  readonly counts: CountsTable;
  readonly online: OnlineFolders;
  readonly selection: SelectionQueries;
  readonly mounts: MountsTable;
  private readonly successors;
  private depth = 0;
  /** Made once: to make one costs more than to begin and commit. */
  private readonly atomically: (work: () => void) => void;

  constructor(db: Db) {
    this.db = db;
    this.atomically = db.transaction((work: () => void) => work());
    this.meta = new MetaTable(db);
    this.frontier = new Frontier(db);
    const changed = (node: NodeId) => this.frontier.add(node);
    this.local = new LocalTree(db, changed);
    this.remote = new RemoteTree(db, changed);
    this.synced = new SyncedTree(db, changed);
    this.claims = new ClaimsTable(db, this.meta);
    this.manifests = new ManifestsTable(db);
    this.problems = new Problems(db);
    this.conflicts = new Conflicts(db);
    this.reviews = new Reviews(db);
    this.trash = new TrashTable(db);
    this.ledger = new Ledger(db);
    this.intents = new ExchangeIntents(db);
    this.shaping = new ShapingNotes(db);
    this.counts = new CountsTable(db);
    this.online = new OnlineFolders(db);
    this.selection = new SelectionQueries(db);
    this.mounts = new MountsTable(db);
    this.local.onShown = () => this.frontier.recompute();
    this.local.onRename = (node, to) => this.mounts.adopt(node, to);
    this.successors = {
      put: db.prepare('INSERT OR REPLACE INTO successors (node, successor) VALUES (?, ?)'),
      get: db.prepare<[string], { successor: string }>('SELECT successor FROM successors WHERE node = ?'),
      remove: db.prepare('DELETE FROM successors WHERE node = ?'),
    };
  }

  /** One atomic change of the state; nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.depth > 0) return work();
    this.depth += 1;
    try {
      const done: T[] = [];
      this.atomically(() => done.push(work()));
      return done[0]!;
    } catch (error) {
      this.forgetRows();
      throw error;
    } finally {
      this.depth -= 1;
    }
  }

  /** Rows were changed by plain SQL, or a change was undone: nothing remembered counts. */
  forgetRows(): void {
    this.local.forgetRows();
    this.remote.forgetRows();
    this.synced.forgetRows();
    this.online.forgetRows();
    this.reviews.forgetRows();
    this.mounts.forgetRows();
    this.frontier.writes += 1;
  }

  setSuccessor(node: NodeId, successor: NodeId): void {
    this.successors.put.run(node, successor);
  }

  successorOf(node: NodeId): NodeId | null {
    return (this.successors.get.get(node)?.successor as NodeId | undefined) ?? null;
  }

  forgetSuccessor(node: NodeId): void {
    this.successors.remove.run(node);
  }

  /** Where a node stands on this disk, or `null` when it (or a folder above) is not there, parked, or displaced. */
  pathOf(node: NodeId): RelPath | null {
    return this.walk(node, (at) => {
      const row = this.local.get(at);
      return row === null || row.parked || isDisplaced(row.name) ? null : row;
    });
  }

  /** Where a node stands on the server: for words to the user. */
  remotePathOf(node: NodeId): RelPath | null {
    return this.walk(node, (at) => this.remote.get(at));
  }

  /** The best path there is to name a node by. */
  nameOf(node: NodeId): RelPath {
    return this.pathOf(node) ?? this.remotePathOf(node) ?? this.syncedPathOf(node) ?? '';
  }

  /** Where a node stood when both sides last agreed. */
  syncedPathOf(node: NodeId): RelPath | null {
    return this.walk(node, (at) => this.synced.get(at));
  }

  private walk(
    node: NodeId,
    get: (at: NodeId) => { readonly parent: NodeId; readonly name: string } | null,
  ): RelPath | null {
    const names: string[] = [];
    for (let at = node, steps = 0; at !== ROOT_NODE; steps += 1) {
      const row = get(at);
      if (!row || steps > 1024) return null;
      names.push(row.name);
      at = row.parent;
    }
    return names.reverse().join('/');
  }

  /** The live node that stands at a path on the server. */
  remoteNodeAt(path: RelPath): NodeId | null {
    let at: NodeId = ROOT_NODE;
    for (const name of path.split('/')) {
      const child = this.remote.liveAt(at, name);
      if (!child) return null;
      at = child.node;
    }
    return at;
  }

  /** The node that stands at a path on this disk. */
  nodeAt(path: RelPath): NodeId | null {
    let at: NodeId = ROOT_NODE;
    if (path === '') return at;
    for (const name of path.split('/')) {
      const child = this.local.at(at, name);
      if (!child) return null;
      at = child.node;
    }
    return at;
  }
}
