/** Lists folders: what stands in them becomes sightings, what does not is missing, what cannot be listed is unseen. */
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { DiskFailure, Listing, RelPath } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import type { Operations } from '../executor/operations.ts';
import { isDisplaced, type ObservedNode } from '../state/local-tree.ts';
import type { State } from '../state/state.ts';
import { reportDiskTrouble } from './disk-problems.ts';
import { letGoOfEmptied } from './emptied.ts';
import type { Entries, Judges } from './entries.ts';
import type { Depth, LookQueue } from './look-queue.ts';
import type { UnreadFolders } from './unread-folders.ts';

export interface ListAsks {
  lookAt(parent: NodeId, name: string): void;
  /** The root itself cannot be observed. */
  rootTrouble(failure: DiskFailure): void;
}

export class FolderLists {
  private readonly env: Environment;
  private readonly state: State;
  private readonly operations: Operations;
  private readonly queue: LookQueue;
  private readonly entries: Entries;
  private readonly unread: UnreadFolders;
  private readonly judges: Judges;
  private readonly asks: ListAsks;

  constructor(
    env: Environment,
    state: State,
    operations: Operations,
    queue: LookQueue,
    entries: Entries,
    unread: UnreadFolders,
    judges: Judges,
    asks: ListAsks,
  ) {
    this.env = env;
    this.state = state;
    this.operations = operations;
    this.queue = queue;
    this.entries = entries;
    this.unread = unread;
    this.judges = judges;
    this.asks = asks;
  }

  async list(folder: NodeId, depth: Depth): Promise<void> {
    const path = this.state.pathOf(folder);
    if (path === null || this.ignoredFolder(folder)) return;
    // Watched first, listed after: what happens in between gives a hint.
    if (depth === 'deep' && folder !== ROOT_NODE) await this.env.watch.addFolders([path], 'after');
    const moment = this.operations.beginLook();
    await this.listAt(folder, path, depth, moment);
    this.operations.endLook(moment);
  }

  private async listAt(asked: NodeId, path: RelPath, depth: Depth, moment: number): Promise<void> {
    const listing = await this.env.disk.list(path);
    if (listing.kind === 'failed') {
      this.unlisted(this.state.local.current(asked), path, listing);
      return;
    }
    if (await this.judges.borders.isLostRoot(path, listing)) {
      const row = this.state.local.get(this.state.local.current(asked));
      if (row) this.asks.lookAt(row.parent, row.name);
      return;
    }
    if (this.state.meta.get('union-merge') === 'yes') {
      const parent = this.state.local.current(asked);
      await this.judges.borders.lookForLost(
        path,
        listing,
        (name) => this.state.local.at(parent, name) !== null,
      );
    }
    await this.judges.ignore.update(this.state.local.current(asked), path, listing.entries);
    this.judges.ignore.follow();
    const met = new Set<string>();
    const now = this.state.local.current(asked);
    const rows = new Map<string, ObservedNode>();
    for (const row of this.state.local.children(now)) if (!row.parked) rows.set(row.name, row);
    const sightings = this.entries.sightingsOf(now, path, listing, met);
    this.judges.strangers.listed(path, met, new Set(listing.entries.map(({ name }) => name)));
    await this.judges.judge.judge(sightings, moment, rows);
    const folder = this.state.local.current(asked);
    this.clearUnseen(folder);
    this.noteMissing(folder, rows, listing, moment);
    if (listing.entries.length === 0) letGoOfEmptied(this.state, folder);
    if (depth === 'deep') this.descend(folder, rows);
  }

  private ignoredFolder(folder: NodeId): boolean {
    return folder !== ROOT_NODE && this.state.local.get(folder)?.condition === 'excluded';
  }

  private unlisted(folder: NodeId, path: RelPath, failure: DiskFailure): void {
    if (folder === ROOT_NODE) {
      this.asks.rootTrouble(failure);
      return;
    }
    const row = this.state.local.get(folder);
    if (!row) return;
    if (failure.trouble === 'gone' || failure.trouble === 'not-folder') {
      this.asks.lookAt(row.parent, row.name);
      return;
    }
    this.state.transaction(() => {
      this.state.local.setCondition(folder, 'unseen');
      reportDiskTrouble(this.state, folder, path, failure, this.env.clock.now());
    });
    this.unread.failed(folder);
  }

  private clearUnseen(folder: NodeId): void {
    this.unread.succeeded(folder);
    if (folder === ROOT_NODE) return;
    const row = this.state.local.get(folder);
    if (row?.condition === 'unseen') this.state.local.setCondition(folder, 'seen');
    if (this.state.problems.count() > 0) this.state.problems.clear(folder);
  }

  private noteMissing(
    folder: NodeId,
    rows: ReadonlyMap<string, ObservedNode>,
    listing: Listing,
    moment: number,
  ): void {
    const present = new Set(listing.entries.map((entry) => entry.name));
    for (const { node, name } of rows.values()) {
      if (present.has(name)) continue;
      const row = this.state.local.get(node);
      // Also what could not be read: its folder can, and does not show it any more.
      if (row?.parent === folder && row.name === name && !row.parked) this.entries.missed(row, moment);
    }
  }

  /** Into the folders that were known before; new ones ask for it themselves. */
  private descend(folder: NodeId, rows: ReadonlyMap<string, ObservedNode>): void {
    for (const { node, kind } of rows.values()) {
      const row = kind === 'folder' ? this.state.local.get(node) : null;
      if (row?.parent !== folder || isDisplaced(row.name)) continue;
      if (row.condition !== 'excluded' && row.condition !== 'unseen') this.queue.listDeep(node);
    }
  }
}
