/**
 * Renames, folders and removals on disk, in the planner's order, one batch at a time. Every removal is checked before
 * and after: at no moment are a user's bytes neither at their path nor in our hand.
 */

import { pathIn } from '../../core/names/path-parts.ts';
import type { StructureIntent } from '../../core/planner/intents.ts';
import type { Place, SyncedNode } from '../../core/tree/nodes.ts';
import { type NodeId, ROOT_NODE, toHex } from '../../protocol/ids.ts';
import { type DiskFailure, ifReadable, type RelPath, type Stamp } from '../environment/disk.ts';
import { codeOfTrouble, reportDiskTrouble } from '../local/disk-problems.ts';
import { rootDevice } from '../root-identity.ts';
import { stateTrouble } from '../state/database.ts';
import type { ExchangeIntent } from '../state/exchange-intents.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { encodeStamp, sameBytesLikely } from '../state/stamps.ts';
import type { Context } from './context.ts';
import { folderDeed, movedDeed, placeBefore, removalDeed } from './deeds.ts';
import { isStrangersPlace, vacate, vacateOldName } from './in-the-way.ts';
import { trashName } from './keep-in-trash.ts';
import { waitingForWriters } from './open-files.ts';
import { slotKey } from './operations.ts';

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

interface Target extends Place {
  readonly folder: RelPath;
  readonly path: RelPath;
  /** Of the entry that has this place. */
  readonly entryRev: number;
}

/** The root was taken away between the look and the call. */
const ELSEWHERE: DiskFailure = { kind: 'failed', trouble: 'other-mount', detail: 'made on another disk' };

export class StructureLane {
  private readonly context: Context;
  private running: Promise<void> | null = null;

  constructor(context: Context) {
    this.context = context;
  }

  get idle(): boolean {
    return this.running === null;
  }

  /** Starts a batch; the caller only plans structure while this lane is idle. */
  start(intents: readonly StructureIntent[]): void {
    if (intents.length === 0) return;
    const { operations } = this.context;
    for (const intent of intents) operations.begin(intent.node, 'down');
    const keys = this.keysOf(intents);
    operations.touch(keys);
    this.running = this.run(intents)
      .catch((error: unknown) => {
        if (stateTrouble(error) !== null) throw error;
        this.context.env.log('error', 'a disk batch failed unexpectedly', { detail: String(error) });
        for (const intent of intents) operations.defer(intent.node);
      })
      // Where the state could not be written, it does not know what was done to these names: nothing seen of them counts
      // any more, until the next start has put both together.
      .then(() => operations.letGo(keys))
      .finally(() => {
        this.running = null;
        for (const intent of intents) operations.end(intent.node);
        this.context.onProgress();
      });
  }

  private keysOf(intents: readonly StructureIntent[]): readonly string[] {
    const keys: string[] = [];
    for (const intent of intents) {
      const { node } = intent;
      keys.push(node);
      if (intent.kind === 'unpark') keys.push(slotKey(intent.at.parent, intent.at.name));
      const local = this.context.state.local.get(node);
      const remote = this.context.state.remote.get(node);
      if (local) keys.push(slotKey(local.parent, local.name));
      if (remote) keys.push(slotKey(remote.parent, remote.name));
    }
    return keys;
  }

  private async run(intents: readonly StructureIntent[]): Promise<void> {
    const removals = intents.filter((each) => each.kind === 'trash');
    if (removals.length > 0) await this.trash(removals);
    const folders = intents.filter((each) => each.kind === 'remove-folder');
    if (folders.length > 0) await this.removeFolders(folders);
    await this.shape(intents.filter((each) => each.kind !== 'trash' && each.kind !== 'remove-folder'));
    await this.context.unflushed.flush();
  }

  // --- shaping -------------------------------------------------------------------------------------------------

  private async shape(intents: readonly StructureIntent[]): Promise<void> {
    // Of a folder made where the root should be, nothing is left when it is mounted again: that would read as a delete.
    if (intents.some((each) => each.kind === 'make-folder') && !(await this.context.rootIsOurs())) return;
    for (const intent of intents) {
      if (this.context.stopped()) return;
      const { paths, state } = this.context;
      const step = (): Promise<void> => this.shapeOne(intent);
      await (state.local.get(intent.node)?.kind === 'folder' ? paths.move(step) : step());
    }
  }

  private shapeOne(intent: StructureIntent): Promise<void> {
    if (intent.kind === 'park') return this.park(intent.node);
    return intent.kind === 'make-folder' ? this.makeFolder(intent) : this.moveHere(intent);
  }

  /** Where it is to stand: its place there, or where it is put down meanwhile. */
  private target(intent: StructureIntent): Target | null {
    const place = this.placeOf(intent);
    const folder = place && this.context.state.pathOf(place.parent);
    if (!place || folder === null) return this.waits(intent.node);
    const { parent, name, entryRev } = place;
    return { parent, name, entryRev, folder, path: pathIn(folder, name) };
  }

  /** It, or a folder above, stands nowhere for the moment: decided again at once, it would be planned without end. */
  private waits(node: NodeId): null {
    this.context.operations.defer(node);
    return null;
  }

  private placeOf(intent: StructureIntent): (Place & { readonly entryRev: number }) | null {
    const { remote, synced } = this.context.state;
    if (intent.kind === 'unpark') {
      const base = synced.get(intent.node);
      return base && { ...intent.at, entryRev: base.entryRev };
    }
    const there = remote.get(intent.node);
    return there?.live ? there : null;
  }

  private async makeFolder(intent: StructureIntent): Promise<void> {
    const target = this.target(intent);
    if (!target) return;
    const [made] = await this.context.env.disk.makeFolders([target.path]);
    if (made?.kind !== 'found') {
      this.failed(intent.node, target, made);
      return;
    }
    const { state, env, unflushed } = this.context;
    const device = rootDevice(state.meta);
    if (device !== '' && made.stamp.device !== device) {
      this.failed(intent.node, target, ELSEWHERE);
      return;
    }
    unflushed.add(target.parent);
    state.transaction(() => {
      vacate(this.context, intent.node, target);
      state.local.put(intent.node, target.parent, target.name, made.stamp, null);
      state.synced.put({
        node: intent.node,
        kind: 'folder',
        parent: target.parent,
        name: target.name,
        entryRev: target.entryRev,
        version: null,
        content: null,
        stamp: encodeStamp(made.stamp),
      });
      const deed = folderDeed(this.context.self, state.remote.get(intent.node));
      this.context.record(intent.node, 'folder made', intent.rule, '', deed);
    });
    env.watch.addFolders([target.path]);
    // What is in it stayed online, or rested as its folder was held, and nobody has said a word about it since.
    for (const child of state.remote.children(intent.node)) state.frontier.add(child.node);
  }

  private async moveHere(intent: StructureIntent): Promise<void> {
    const { state, env } = this.context;
    const target = this.target(intent);
    const row = state.local.get(intent.node);
    if (!target || !row) return;
    const from = state.pathOf(intent.node);
    if (from === null && !row.parked) {
      this.waits(intent.node);
      return;
    }
    const moved =
      from === null
        ? await env.disk.unpark(row.name, target.path)
        : (await env.disk.move([{ from, to: target.path }]))[0];
    if (moved?.kind !== 'found') {
      this.failed(intent.node, target, moved);
      if (!row.parked) this.context.scanner.lookAt(row.parent, row.name);
      else if (moved?.kind === 'failed' && moved.trouble === 'gone' && !(await this.isStillParked(row.name)))
        state.local.unpark(intent.node, state.synced.get(intent.node));
      return;
    }
    this.context.unflushed.add(target.parent);
    if (from !== null) this.context.unflushed.add(row.parent);
    state.transaction(() => this.agreeOnMove(intent, row, moved.stamp, target));
    if (row.kind === 'folder') {
      if (from !== null) env.watch.removeFolders([from]);
      env.watch.addFolders([target.path, ...this.foldersBelow(intent.node)]);
    }
  }

  /** What is gone may as well be the folder that it was to stand in. */
  private async isStillParked(name: string): Promise<boolean> {
    const parked = await ifReadable(this.context.env.disk.listParked());
    return parked === null || parked.some((entry) => entry.name === name);
  }

  private foldersBelow(node: NodeId): readonly RelPath[] {
    const { state } = this.context;
    return state.local.below(node).flatMap((each) => {
      const path = state.local.get(each)?.kind === 'folder' ? state.pathOf(each) : null;
      return path === null ? [] : [path];
    });
  }

  /** What came along is what we moved: an edit between our look and the rename shows in the stamp and is read again. */
  private agreeOnMove(intent: StructureIntent, row: ObservedNode, stamp: Stamp, target: Target): void {
    const { state } = this.context;
    const synced = state.synced.get(intent.node);
    const before = placeBefore(state, intent.node);
    const clean = row.kind === 'folder' || sameBytesLikely(row.stamp, stamp);
    vacate(this.context, intent.node, target);
    if (row.fileId !== stamp.fileId) this.tookAlong(intent.node, row, stamp);
    state.local.put(intent.node, target.parent, target.name, stamp, clean ? row.content : null, {
      condition: row.condition,
    });
    if (synced) {
      const known = clean && synced.stamp === row.stamp;
      state.synced.put({
        ...synced,
        parent: target.parent,
        name: target.name,
        entryRev: target.entryRev,
        stamp: known ? encodeStamp(stamp) : synced.stamp,
      });
    }
    if (state.problems.count() > 0 && state.problems.get(intent.node)?.code === 'in-the-way')
      state.problems.clear(intent.node);
    const aside = intent.kind === 'unpark';
    const deed = aside ? null : movedDeed(this.context.self, state, intent.node, before, 'received');
    this.context.record(intent.node, aside ? 'put down' : 'moved here', intent.rule, before.from ?? '', deed);
  }

  /** Another object had the name by then: what it is now is seen, and what it was before. */
  private tookAlong(node: NodeId, row: ObservedNode, stamp: Stamp): void {
    vacateOldName(this.context, node, stamp);
    if (row.kind === 'folder') this.context.scanner.listFolder(node);
  }

  private async park(node: NodeId): Promise<void> {
    const { state, env } = this.context;
    const row = state.local.get(node);
    const path = state.pathOf(node);
    if (!row || path === null) {
      this.waits(node);
      return;
    }
    // The state says so first: after a kill the start-up finds the object in one place or the other.
    // Not by the node's id alone: the object may become another node meanwhile, and this one be parked again.
    const name = `${node}-${toHex(env.random.bytes(4))}`;
    state.transaction(() => state.local.park(node, name));
    const parked = await env.disk.park(path, name);
    if (parked.kind === 'found') return;
    state.local.unpark(node, row);
    this.context.operations.defer(node);
  }

  private failed(node: NodeId, target: Target, failure: DiskFailure | undefined): void {
    const { state, operations, scanner, env } = this.context;
    scanner.lookAt(target.parent, target.name);
    operations.defer(node);
    const isTaken = failure?.trouble === 'taken' && !isStrangersPlace(this.context, node, target);
    if (failure && failure.trouble !== 'gone' && !isTaken)
      reportDiskTrouble(state, node, target.path, failure, env.clock.now());
    env.log('info', 'a disk operation has to be tried again', { path: target.path, why: failure?.trouble });
  }

  // --- removing ------------------------------------------------------------------------------------------------

  private async trash(intents: readonly StructureIntent[]): Promise<void> {
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
      this.waits(node);
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
  private async removeFolders(intents: readonly StructureIntent[]): Promise<void> {
    const { state, unflushed } = this.context;
    const notes = intents.flatMap(({ node }): ExchangeIntent[] => {
      const row = state.local.get(node);
      const path = state.pathOf(node);
      if (!row || path === null) return [];
      return [{ kind: 'remove-folder', node, staged: '', path, stamp: row.stamp }];
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
      this.waits(intent.node);
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
