/**
 * Removals from this disk: files go to its trash, empty folders go. Every removal is checked before and after: at no
 * moment are a user's bytes neither at their path nor in our hand.
 */

import type { StructureIntent } from '../../core/planner/intents.ts';
import type { SyncedNode } from '../../core/tree/nodes.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { DiskFailure, RelPath } from '../environment/disk.ts';
import { codeOfTrouble } from '../local/disk-problems.ts';
import type { ExchangeIntent } from '../state/exchange-intents.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { encodeStamp, sameBytesLikely } from '../state/stamps.ts';
import type { Context } from './context.ts';
import { removalDeed } from './deeds.ts';
import { standsNowhere } from './in-the-way.ts';
import { trashName } from './keep-in-trash.ts';
import { waitingForWriters } from './open-files.ts';

interface Removal {
  readonly node: NodeId;
  readonly row: ObservedNode;
  readonly synced: SyncedNode;
  readonly path: RelPath;
  readonly name: string;
  readonly rule: string;
}

interface FolderRemoval {
  readonly kind: 'gone';
  readonly intent: StructureIntent;
  readonly row: ObservedNode;
  readonly path: RelPath;
}

type FolderStays = { readonly kind: 'waits' } | { readonly kind: 'not-empty'; readonly path: RelPath };

export class Remover {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async trash(intents: readonly StructureIntent[]): Promise<void> {
    const { state, env, unflushed } = this.context;
    if (!(await this.context.rootIsOurs())) return;
    const same = await this.unchanged(this.removalsOf(intents));
    const files = same.filter((each) => each.row.kind === 'file');
    const waiting = await waitingForWriters(this.context, files);
    const clean = same.filter((each) => !waiting.has(each.node));
    const moved = await env.disk.toTrash(clean);
    // A state that knows, on a disk that forgot: the file stands there again, and is told as a new one.
    for (const [i, { row }] of clean.entries()) if (moved[i]?.kind === 'found') unflushed.add(row.parent);
    await unflushed.flush();
    const strays: Removal[] = [];
    state.transaction(() => {
      clean.forEach((each, i) => {
        const outcome = moved[i];
        if (outcome?.kind !== 'found') this.notTrashed(each, outcome);
        else if (!sameBytesLikely(each.row.stamp, outcome.stamp)) strays.push(each);
        else this.trashed(each);
      });
    });
    for (const each of strays) await this.putBack(each);
  }

  private removalsOf(intents: readonly StructureIntent[]): readonly Removal[] {
    const { state, env } = this.context;
    return intents.flatMap(({ node, rule }) => {
      const row = state.local.get(node);
      const synced = state.synced.get(node);
      const path = state.pathOf(node);
      const name = trashName(env, node);
      if (row && synced && path !== null) return [{ node, row, synced, path, name, rule }];
      standsNowhere(this.context, node);
      return [];
    });
  }

  /** Those that are, by their full stamp, what was decided about. */
  private async unchanged(items: readonly Removal[]): Promise<readonly Removal[]> {
    const { env, scanner, operations } = this.context;
    const looks = await env.disk.lookMany(items.map((each) => each.path));
    return items.filter((each, i) => {
      const look = looks[i];
      const same = look?.kind === 'found' && encodeStamp(look.stamp) === each.row.stamp;
      if (!same) {
        scanner.lookAt(each.row.parent, each.row.name);
        operations.defer(each.node);
      }
      return same;
    });
  }

  private trashed(item: Removal): void {
    const { state, env, operations } = this.context;
    operations.succeed(item.node);
    if (state.problems.count() > 0) state.problems.clear(item.node);
    state.trash.add({
      name: item.name,
      node: item.node,
      path: item.path,
      kind: item.row.kind,
      version: item.synced.version,
      why: item.rule,
      at: env.clock.now(),
    });
    const deed = this.deedOf(item.node);
    this.context.record(item.node, 'removed', item.rule, item.path, deed);
    state.local.remove(item.node);
    state.synced.remove(item.node);
    state.online.settle(item.node);
    state.reviews.forgetApproval(item.node);
    if (item.row.parent !== ROOT_NODE) state.frontier.add(item.row.parent);
  }

  /** What leaves by the user's choice was deleted by nobody. */
  private deedOf(node: NodeId) {
    const { self, state } = this.context;
    return state.online.isLeaving(node) ? null : removalDeed(self, state, node);
  }

  private notTrashed(item: Removal, failure: DiskFailure | undefined): void {
    const { state, operations, scanner, env } = this.context;
    scanner.lookAt(item.row.parent, item.row.name);
    if (!failure || failure.trouble === 'gone') return;
    operations.defer(item.node);
    state.problems.put({
      subject: item.node,
      node: item.node,
      path: item.path,
      code: codeOfTrouble(failure.trouble),
      facts: { detail: failure.detail },
      since: env.clock.now(),
    });
  }

  /** The user saved between our look and the rename: their bytes go back to their place and count as an edit. */
  private async putBack(item: Removal): Promise<void> {
    const { state, env, scanner } = this.context;
    const back = await env.disk.fromTrash(item.name, item.path);
    if (back.kind === 'failed') {
      state.trash.add({
        name: item.name,
        node: item.node,
        path: item.path,
        kind: item.row.kind,
        version: null,
        why: 'edited while it was being removed',
        at: env.clock.now(),
      });
    }
    scanner.lookAt(item.row.parent, item.row.name);
  }

  /**
   * A folder that is removed leaves no trace, as a file does in the trash: that it is our doing is noted before. Found
   * missing after a stop that took the record, and living again by then, it would be a delete for everybody.
   */
  async removeFolders(intents: readonly StructureIntent[]): Promise<void> {
    const { state, unflushed } = this.context;
    const notes = intents.flatMap(({ node }): ExchangeIntent[] => {
      const row = state.local.get(node);
      const path = state.pathOf(node);
      if (!row || path === null) return [];
      return [{ kind: 'remove-folder', node, staged: '', path, stamp: row.stamp, ours: '' }];
    });
    await unflushed.flush();
    if (notes.length > 0) state.intents.begin(notes);
    const gone: FolderRemoval[] = [];
    for (const intent of intents) {
      if (this.context.stopped()) break;
      const removed = await this.removeFolder(intent);
      if (removed.kind === 'gone') gone.push(removed);
      else if (removed.kind === 'not-empty') {
        // What lies in it is asked for next: what has gone from there must be known.
        await this.recordGone(gone.splice(0));
        await this.keepIfLeft(intent.node, removed.path);
      }
    }
    await this.recordGone(gone);
    state.intents.finish(notes);
  }

  private async removeFolder(intent: StructureIntent): Promise<FolderRemoval | FolderStays> {
    const { state, env, scanner } = this.context;
    const path = state.pathOf(intent.node);
    const row = state.local.get(intent.node);
    if (path === null || !row || !(await this.context.rootIsOurs())) {
      standsNowhere(this.context, intent.node);
      return { kind: 'waits' };
    }
    const removed = await env.disk.removeFolder(path);
    if (removed.kind === 'done' || removed.trouble === 'gone') {
      this.context.unflushed.add(row.parent);
      return { kind: 'gone', intent, row, path };
    }
    if (removed.trouble === 'not-empty') return { kind: 'not-empty', path };
    scanner.lookAt(row.parent, row.name);
    this.context.operations.defer(intent.node);
    return { kind: 'waits' };
  }

  /** Once the disk cannot forget it any more: a folder that it still had would be told as a new one. */
  private async recordGone(gone: readonly FolderRemoval[]): Promise<void> {
    const { state, env, unflushed } = this.context;
    if (gone.length === 0) return;
    await unflushed.flush();
    state.transaction(() => {
      for (const { intent, row, path } of gone) {
        this.context.record(intent.node, 'folder removed', intent.rule, path, this.deedOf(intent.node));
        state.local.remove(intent.node);
        state.synced.remove(intent.node);
        state.online.settle(intent.node);
        if (row.parent !== ROOT_NODE) state.frontier.add(row.parent);
      }
    });
    env.watch.removeFolders(gone.map(({ path }) => path));
  }

  private keepIfLeft(node: NodeId, path: RelPath): Promise<void> {
    const isGone = this.context.state.remote.get(node)?.live !== true;
    const why = isGone ? 'leftover folder × tombstoned' : 'leftover folder × stays online by choice';
    return this.keepLeftover(node, path, `${why}: only unsynced things remain in it`);
  }

  /** Only things that are not synced remain in it: they stay, and so does the folder, as none of ours. */
  private async keepLeftover(node: NodeId, path: RelPath, rule: string): Promise<void> {
    const { state, scanner, env } = this.context;
    scanner.listFolder(node);
    await scanner.drain();
    await env.clock.sleep(0);
    if (state.local.hasChildren(node)) return;
    state.transaction(() => {
      state.local.setCondition(node, 'leftover');
      state.synced.remove(node);
      state.online.settle(node);
      this.context.record(node, 'kept', rule, path);
    });
  }
}
