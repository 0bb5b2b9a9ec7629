/** Renames, folders and removals on disk, in the planner's order, one batch at a time. */

import { pathIn } from '../../core/names/path-parts.ts';
import type { StructureIntent } from '../../core/planner/intents.ts';
import { type NodeId, toHex } from '../../protocol/ids.ts';
import { type DiskFailure, ifReadable, type RelPath } from '../environment/disk.ts';
import { reportDiskTrouble } from '../local/disk-problems.ts';
import { rootDevice } from '../root-identity.ts';
import { stateTrouble } from '../state/database.ts';
import type { ShapingNote } from '../state/shaping-notes.ts';
import type { AgreedPlace } from '../state/synced-tree.ts';
import { agreeOnFolder, agreeOnMove } from './agreed-place.ts';
import type { Context } from './context.ts';
import { isStrangersPlace, standsNowhere } from './in-the-way.ts';
import { slotKey } from './operations.ts';
import { Remover } from './remover.ts';

interface Target extends AgreedPlace {
  readonly folder: RelPath;
  readonly path: RelPath;
}

/** The root was taken away between the look and the call. */
const ELSEWHERE: DiskFailure = { kind: 'failed', trouble: 'other-mount', detail: 'made on another disk' };

export class StructureLane {
  private readonly context: Context;
  private readonly remover: Remover;
  private running: Promise<void> | null = null;

  constructor(context: Context) {
    this.context = context;
    this.remover = new Remover(context);
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
    if (removals.length > 0) await this.remover.trash(removals);
    const folders = intents.filter((each) => each.kind === 'remove-folder');
    if (folders.length > 0) await this.remover.removeFolders(folders);
    await this.shape(intents.filter((each) => each.kind !== 'trash' && each.kind !== 'remove-folder'));
  }

  private async shape(intents: readonly StructureIntent[]): Promise<void> {
    await this.context.unflushed.flush();
    // Of a folder made where the root should be, nothing is left when it is mounted again: that would read as a delete.
    if (intents.some((each) => each.kind === 'make-folder') && !(await this.context.rootIsOurs())) return;
    const notes = intents.flatMap((intent) => this.noteOf(intent) ?? []);
    if (notes.length > 0) this.context.state.shaping.begin(notes);
    for (const intent of intents) {
      if (this.context.stopped()) return;
      const { paths, state } = this.context;
      const step = (): Promise<void> => this.shapeOne(intent);
      await (state.local.get(intent.node)?.kind === 'folder' ? paths.move(step) : step());
    }
    await this.context.unflushed.flush();
    this.context.state.shaping.finish(notes);
  }

  /** What is about to be done to it, for a start that does not know how far that came. */
  private noteOf(intent: StructureIntent): ShapingNote | null {
    if (intent.kind === 'park') return null;
    const { state } = this.context;
    const { node } = intent;
    const to = this.placeOf(intent);
    const row = state.local.get(node);
    if (to === null || (row === null) !== (intent.kind === 'make-folder')) return null;
    if (row !== null && !row.parked && state.pathOf(node) === null) return null;
    const entryRev = state.synced.get(node)?.entryRev ?? to.entryRev;
    const from = row === null || row.parked ? null : { parent: row.parent, name: row.name, entryRev };
    return { node, fileId: row?.fileId ?? null, from, to };
  }

  private shapeOne(intent: StructureIntent): Promise<void> {
    if (intent.kind === 'park') return this.park(intent.node);
    return intent.kind === 'make-folder' ? this.makeFolder(intent) : this.moveHere(intent);
  }

  /** Where it is to stand: its place there, or where it is put down meanwhile. */
  private target(intent: StructureIntent): Target | null {
    const place = this.placeOf(intent);
    const folder = place && this.context.state.pathOf(place.parent);
    if (!place || folder === null) return standsNowhere(this.context, intent.node);
    const { parent, name, entryRev } = place;
    return { parent, name, entryRev, folder, path: pathIn(folder, name) };
  }

  private placeOf(intent: StructureIntent): AgreedPlace | null {
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
    state.transaction(() => agreeOnFolder(this.context, intent.node, target, made.stamp, intent.rule));
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
      standsNowhere(this.context, intent.node);
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
    const done = { row, stamp: moved.stamp, place: target };
    state.transaction(() => agreeOnMove(this.context, done, intent.rule, intent.kind === 'unpark'));
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

  private async park(node: NodeId): Promise<void> {
    const { state, env } = this.context;
    const row = state.local.get(node);
    const path = state.pathOf(node);
    if (!row || path === null) {
      standsNowhere(this.context, node);
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
}
