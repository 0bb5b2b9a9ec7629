/**
 * The only writer of the local tree but for our own applied operations: lists folders, looks at hinted names, and turns
 * what it sees into rows. Hints say where to look; scans are facts. What could not be observed is never absence.
 */

import { type IgnoreFile, LOCAL_IGNORE_FILE } from '../../core/ignore/rules.ts';
import { foldKey } from '../../core/names/fold.ts';
import { pathIn } from '../../core/names/path-parts.ts';
import { isReservedName } from '../../core/names/valid-name.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { DiskEntry, DiskFailure, Listing, RelPath, Stamp } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import type { Hint } from '../environment/watch.ts';
import type { Operations } from '../executor/operations.ts';
import { stateTrouble } from '../state/database.ts';
import { isDisplaced, type ObservedNode } from '../state/local-tree.ts';
import type { State } from '../state/state.ts';
import { Borders } from './boundaries.ts';
import { reportDiskTrouble } from './disk-problems.ts';
import { GoneNodes } from './gone-nodes.ts';
import { IGNORE_FILE, IgnoreFiles } from './ignore-files.ts';
import { LeavingNodes } from './leaving.ts';
import { MissingNodes } from './missing.ts';
import { SightingJudge } from './sighting-judge.ts';
import { kindOf, type Sighting } from './sightings.ts';
import { type StrangerKind, Strangers } from './strangers.ts';
import { UnreadFolders } from './unread-folders.ts';

const LISTS_AT_ONCE = 4;
const LOOKS_AT_ONCE = 4096;
/** Looks lead to further looks, a few of them; on a disk that never rests there is always one more. */
const PASSES = 16;

type Depth = 'shallow' | 'deep';

export class Scanner {
  private readonly env: Environment;
  private readonly state: State;
  private readonly operations: Operations;
  private readonly ignore: IgnoreFiles<NodeId>;
  private readonly missing: MissingNodes;
  private readonly leaving: LeavingNodes;
  private readonly strangers: Strangers;
  private readonly judge: SightingJudge;
  private readonly unread: UnreadFolders;
  readonly borders: Borders;
  private folders = new Map<NodeId, Depth>();
  private children = new Map<string, Set<string>>();
  private running: Promise<void> | null = null;
  private rootDevice = '';
  private closed = false;
  /** Deep scans asked for and not finished. */
  private fullScans = 0;
  lastScanAt: number | null = null;
  /** The root itself cannot be observed. */
  onRootTrouble: (failure: DiskFailure) => void = () => undefined;
  onProgress: () => void = () => undefined;
  /** What is gone here may have been moved into another namespace: whoever has that looks as well. */
  lookElsewhere: () => Promise<void> = () => Promise.resolve();

  constructor(env: Environment, state: State, operations: Operations) {
    this.env = env;
    this.borders = new Borders(env.disk);
    this.state = state;
    this.operations = operations;
    this.ignore = new IgnoreFiles<NodeId>(
      env.disk,
      (folder) => state.pathOf(folder),
      () => this.folders.set(ROOT_NODE, 'deep'),
      (folder) => folder !== ROOT_NODE && state.local.get(folder) === null,
    );
    this.leaving = new LeavingNodes(env.clock, (parent, name) => this.lookAt(parent, name));
    const gone = new GoneNodes(state, operations);
    this.missing = new MissingNodes(
      env,
      state,
      operations,
      (parent, name) => this.lookAt(parent, name),
      this.leaving,
      gone,
      () => this.catchUp(),
    );
    this.strangers = new Strangers(state);
    this.unread = new UnreadFolders(env.clock, (folder) => this.readAgain(folder));
    this.judge = new SightingJudge(env, state, operations, gone, {
      lookAt: (parent, name) => this.lookAt(parent, name),
      listFolder: (node) => this.folders.set(node, 'deep'),
      lookFor: (node) => this.missing.add(node),
      isSettledMove: (row, sighting) => this.leaving.isSettled(row, sighting),
    });
    operations.onRelease = () => this.judge.retryDropped();
  }

  get busy(): boolean {
    return this.looking || this.missing.size > 0;
  }

  /** What is missing by now, for `isBusyWith`. */
  get mark(): number {
    return this.missing.mark;
  }

  /** Busy, and not only with what went missing after that mark: on a disk that never rests something always does. */
  isBusyWith(mark: number): boolean {
    return this.looking || !this.missing.isDecided(mark);
  }

  private get looking(): boolean {
    return (
      this.running !== null ||
      this.folders.size > 0 ||
      this.children.size > 0 ||
      this.leaving.size > 0 ||
      this.judge.waiting > 0
    );
  }

  get firstScanPending(): boolean {
    return this.lastScanAt === null || this.fullScans > 0;
  }

  /** The ignore rule that leaves a path out, or `null`. */
  excludedBy(path: RelPath): string | null {
    const node = this.state.nodeAt(path);
    return this.ignore.ruleFor(path, node !== null && this.state.local.get(node)?.kind === 'folder');
  }

  /** The rules that hold now, by where they stand. */
  get rules(): readonly IgnoreFile[] {
    this.ignore.follow();
    return this.ignore.files();
  }

  setRoot(root: Stamp, foldsCase: boolean): void {
    this.rootDevice = root.device;
    this.judge.foldsCase = foldsCase;
    // A hint that comes before the first scan was asked for must not be looked at before the rules are known.
    this.folders.set(ROOT_NODE, 'deep');
  }

  hint(hints: readonly Hint[]): void {
    for (const hint of hints) {
      if (hint.kind === 'lost') {
        this.folders.set(ROOT_NODE, 'deep');
        continue;
      }
      const names = this.children.get(hint.folder) ?? new Set<string>();
      names.add(hint.child ?? '');
      this.children.set(hint.folder, names);
    }
    this.kick();
  }

  lookAt(parent: NodeId, name: string): void {
    if (this.closed) return;
    const path = this.state.pathOf(parent);
    if (path === null) return;
    this.hint([{ kind: 'look', folder: path, child: name }]);
  }

  listFolder(folder: NodeId): void {
    if (this.folders.get(folder) !== 'deep') this.folders.set(folder, 'shallow');
    this.kick();
  }

  /** Looks at everything. Resolves when all of it was observed and what is missing was looked for again. */
  async scanAll(): Promise<void> {
    this.fullScans += 1;
    this.folders.set(ROOT_NODE, 'deep');
    await this.settleMissing();
    this.fullScans -= 1;
    if (this.closed) return;
    this.lastScanAt = this.env.clock.now();
    this.onProgress();
  }

  /** Resolves when nothing that was asked for so far is left to look at, also when the disk never rests. */
  async drain(): Promise<void> {
    this.kick();
    for (let passes = 0; this.running && passes < PASSES; passes += 1) await this.running;
  }

  /** Resolves when all that had happened by now, as far as the system tells, was looked at. */
  private async catchUp(): Promise<void> {
    await Promise.all([this.catchUpAlone(), this.lookElsewhere()]);
  }

  async catchUpAlone(): Promise<void> {
    await this.env.watch.flush?.();
    this.kick();
    // The pass under way may have taken its hints before, the next one takes them all; more would never end on some disks.
    for (let passes = 0; this.running && passes < 2; passes += 1) await this.running;
  }

  /** Looks at a folder and everything in it. Resolves when what is missing was looked for again. */
  async lookThrough(folder: NodeId): Promise<void> {
    this.folders.set(folder, 'deep');
    await this.settleMissing();
  }

  /** It left its name unseen: it is found elsewhere soon, or gone. */
  lookFor(node: NodeId): void {
    this.missing.add(node);
  }

  async settleMissing(): Promise<void> {
    await this.drain();
    await this.missing.settle();
    await this.drain();
  }

  /** Ends what is under way; nothing is looked at any more. */
  async close(): Promise<void> {
    this.closed = true;
    this.unread.close();
    await Promise.all([this.running, this.missing.close()]);
  }

  private kick(): void {
    if (this.closed || this.running || (this.folders.size === 0 && this.children.size === 0)) return;
    this.running = this.work()
      .catch((error: unknown) => {
        if (stateTrouble(error) !== null) throw error;
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.env.log('error', 'a scan failed unexpectedly', { detail });
      })
      .finally(() => {
        this.running = null;
        this.onProgress();
        this.kick();
      });
  }

  /** One pass: the hints of now, and folders until none is left. Hints that come meanwhile are the next one's. */
  private async work(): Promise<void> {
    for (let first = true; !this.closed && (first || this.folders.size > 0); first = false) {
      // The rules are known once every folder was listed: until then hints wait.
      if (this.children.size > 0 && (this.lastScanAt !== null || this.folders.size === 0))
        await this.lookAtHints();
      const batch = [...this.folders].slice(0, LISTS_AT_ONCE);
      for (const [folder] of batch) this.folders.delete(folder);
      await Promise.all(batch.map(([folder, depth]) => this.list(this.state.local.current(folder), depth)));
    }
    this.state.local.forgetRenames();
  }

  // --- listing -------------------------------------------------------------------------------------------------

  private async list(folder: NodeId, depth: Depth): Promise<void> {
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
    if (await this.borders.isLostRoot(path, listing)) {
      const row = this.state.local.get(this.state.local.current(asked));
      if (row) this.lookAt(row.parent, row.name);
      return;
    }
    await this.ignore.update(this.state.local.current(asked), path, listing.entries);
    this.ignore.follow();
    const met = new Set<string>();
    const now = this.state.local.current(asked);
    const rows = new Map<string, ObservedNode>();
    for (const row of this.state.local.children(now)) if (!row.parked) rows.set(row.name, row);
    const sightings = this.sightingsOf(now, path, listing, met);
    this.strangers.listed(path, met, new Set(listing.entries.map(({ name }) => name)));
    await this.judge.judge(sightings, moment, rows);
    const folder = this.state.local.current(asked);
    this.clearUnseen(folder);
    this.noteMissing(folder, rows, listing, moment);
    if (depth === 'deep') this.descend(folder, rows);
  }

  private readAgain(folder: NodeId): void {
    if (this.closed || this.state.local.get(folder)?.condition !== 'unseen') return;
    this.folders.set(folder, 'deep');
    this.kick();
  }

  private ignoredFolder(folder: NodeId): boolean {
    return folder !== ROOT_NODE && this.state.local.get(folder)?.condition === 'excluded';
  }

  private unlisted(folder: NodeId, path: RelPath, failure: DiskFailure): void {
    if (folder === ROOT_NODE) {
      this.onRootTrouble(failure);
      return;
    }
    const row = this.state.local.get(folder);
    if (!row) return;
    if (failure.trouble === 'gone' || failure.trouble === 'not-folder') {
      this.lookAt(row.parent, row.name);
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
    if (row?.condition === 'unseen') {
      this.state.local.setCondition(folder, 'seen');
      this.state.frontier.recompute();
    }
    if (this.state.problems.count() > 0) this.state.problems.clear(folder);
  }

  private sightingsOf(
    folder: NodeId,
    path: RelPath,
    listing: Listing,
    met: Set<string>,
  ): readonly Sighting[] {
    const sightings: Sighting[] = [];
    for (const entry of listing.entries) {
      const sighting = this.sightingOf(folder, path, entry, met);
      if (sighting) sightings.push(sighting);
    }
    return sightings;
  }

  /** `met` gathers what is no node. */
  private sightingOf(folder: NodeId, path: RelPath, entry: DiskEntry, met: Set<string>): Sighting | null {
    const { name, stamp } = entry;
    if (name === null) {
      this.meet('text', path, null, met);
      return null;
    }
    if (isReservedName(name)) return null;
    const childPath = pathIn(path, name);
    if (stamp.device !== this.rootDevice) {
      this.otherMount(folder, name, childPath, met);
      return null;
    }
    const border = this.borders.at(folder, name, stamp);
    if (border === 'lost') this.meet('root', childPath, null, met);
    if (kindOf(stamp) === null) this.meet('kind', childPath, null, met);
    return {
      parent: folder,
      name,
      stamp,
      excluded: border !== null || this.ignore.isExcluded(childPath, stamp.kind === 'folder'),
    };
  }

  private meet(kind: StrangerKind, path: RelPath, node: NodeId | null, met: Set<string>): void {
    met.add(`${kind}:${path}`);
    this.strangers.met(kind, path, node, this.env.clock.now());
  }

  /** Another disk is mounted here: what we knew below is not gone, it cannot be seen. */
  private otherMount(folder: NodeId, name: string, path: RelPath, met: Set<string>): void {
    const row = this.state.local.at(folder, name);
    if (row && row.condition !== 'unseen') this.state.local.setCondition(row.node, 'unseen');
    this.meet('mount', path, row?.node ?? null, met);
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
      if (row?.parent === folder && row.name === name && !row.parked) this.missed(row, moment);
    }
  }

  /** Not at its name. What a rule leaves out may go without anybody being told. */
  private missed(row: ObservedNode, moment: number): void {
    if (this.judge.touched(row.parent, row.name, row.node, moment))
      this.judge.drop(row.parent, row.name, [row.node]);
    else if (row.condition !== 'excluded' || !this.isExcluded(row)) this.missing.add(row.node);
  }

  private isExcluded(row: ObservedNode): boolean {
    const path = this.state.pathOf(row.node);
    return path !== null && this.ignore.isExcluded(path, row.kind === 'folder');
  }

  /** Into the folders that were known before; new ones ask for it themselves. */
  private descend(folder: NodeId, rows: ReadonlyMap<string, ObservedNode>): void {
    for (const { node, kind } of rows.values()) {
      const row = kind === 'folder' ? this.state.local.get(node) : null;
      if (row?.parent !== folder || isDisplaced(row.name)) continue;
      if (row.condition !== 'excluded' && row.condition !== 'unseen') this.folders.set(node, 'deep');
    }
  }

  // --- hints ---------------------------------------------------------------------------------------------------

  private async lookAtHints(): Promise<void> {
    const hints = this.children;
    this.children = new Map();
    const looks: { parent: NodeId; folder: RelPath; name: string }[] = [];
    for (const [folder, names] of hints) {
      const parent = this.resolve(folder);
      // What is below a folder that is not observed is not either; when the folder is, all of it is listed.
      if (parent === null || this.state.local.hiddenAbove(parent) !== null) continue;
      if (names.has('') || names.has(IGNORE_FILE) || names.has(LOCAL_IGNORE_FILE)) {
        if (this.folders.get(parent) !== 'deep') this.folders.set(parent, 'shallow');
        continue;
      }
      // Where case is folded, only a listing tells what a name really is.
      if (this.judge.foldsCase && [...names].some((name) => this.isUnsureName(parent, name, names)))
        this.folders.set(parent, this.folders.get(parent) ?? 'shallow');
      else for (const name of names) looks.push({ parent, folder, name });
    }
    for (let i = 0; i < looks.length; i += LOOKS_AT_ONCE) await this.look(looks.slice(i, i + LOOKS_AT_ONCE));
  }

  private isUnsureName(parent: NodeId, name: string, hinted: ReadonlySet<string>): boolean {
    const key = foldKey(name);
    if (this.state.local.atFolded(parent, name)?.name !== name) return true;
    return [...hinted].some((other) => other !== name && foldKey(other) === key);
  }

  /** The node of a hinted folder; for one we do not know yet, its nearest known ancestor is listed instead. */
  private resolve(folder: RelPath): NodeId | null {
    let path = folder;
    while (path !== '') {
      const node = this.state.nodeAt(path);
      if (node) {
        if (path === folder) return node;
        break;
      }
      const cut = path.lastIndexOf('/');
      path = cut < 0 ? '' : path.slice(0, cut);
    }
    if (path === folder) return ROOT_NODE;
    const known = path === '' ? ROOT_NODE : this.state.nodeAt(path);
    const first = folder.slice(path === '' ? 0 : path.length + 1).split('/')[0];
    if (known && first !== undefined) {
      const names = this.children.get(path) ?? new Set<string>();
      names.add(first);
      this.children.set(path, names);
    }
    return null;
  }

  private async look(looks: readonly { parent: NodeId; folder: RelPath; name: string }[]): Promise<void> {
    const moment = this.operations.beginLook();
    const found = await this.env.disk.lookMany(looks.map((each) => pathIn(each.folder, each.name)));
    const sightings: Sighting[] = [];
    this.ignore.follow();
    looks.forEach((each, i) => {
      const outcome = found[i];
      this.strangers.forget(pathIn(each.folder, each.name));
      if (outcome?.kind === 'found') {
        const entry = { name: each.name, stamp: outcome.stamp };
        const sighting = this.sightingOf(each.parent, each.folder, entry, new Set());
        if (sighting) sightings.push(sighting);
        return;
      }
      if (outcome === undefined) return;
      const parent = this.state.local.current(each.parent);
      if (outcome.trouble !== 'gone' && outcome.trouble !== 'not-folder') {
        // What there was to see would be forgotten: the folder is listed, or told as one that cannot be.
        if (this.folders.get(parent) !== 'deep') this.folders.set(parent, 'shallow');
        return;
      }
      const row = this.state.local.at(parent, each.name);
      if (row) this.missed(row, moment);
    });
    await this.judge.judge(sightings, moment);
    this.operations.endLook(moment);
  }
}
