/**
 * The only writer of the local tree but for our own applied operations: lists folders, looks at hinted names, and turns
 * what it sees into rows. Hints say where to look; scans are facts. What could not be observed is never absence.
 */

import type { IgnoreFile } from '../../core/ignore/rules.ts';
import { type NodeId, ROOT_NODE } from '../../protocol/ids.ts';
import type { DiskFailure, RelPath, Stamp } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import type { Hint } from '../environment/watch.ts';
import type { Operations } from '../executor/operations.ts';
import { stateTrouble } from '../state/database.ts';
import type { State } from '../state/state.ts';
import { Borders } from './boundaries.ts';
import { Entries } from './entries.ts';
import { FolderLists } from './folder-lists.ts';
import { GoneNodes } from './gone-nodes.ts';
import { HintedNames } from './hinted-names.ts';
import { IgnoreFiles } from './ignore-files.ts';
import { LeavingNodes } from './leaving.ts';
import { LookQueue } from './look-queue.ts';
import { MissingNodes } from './missing.ts';
import { SightingJudge } from './sighting-judge.ts';
import { Strangers } from './strangers.ts';
import { UnreadFolders } from './unread-folders.ts';

const LISTS_AT_ONCE = 4;
/** Looks lead to further looks, a few of them; on a disk that never rests there is always one more. */
const PASSES = 16;

export class Scanner {
  private readonly env: Environment;
  private readonly state: State;
  private readonly ignore: IgnoreFiles<NodeId>;
  private readonly missing: MissingNodes;
  private readonly leaving: LeavingNodes;
  private readonly judge: SightingJudge;
  private readonly unread: UnreadFolders;
  readonly borders: Borders;
  private readonly queue = new LookQueue();
  private readonly entries: Entries;
  private readonly lists: FolderLists;
  private readonly hinted: HintedNames;
  private running: Promise<void> | null = null;
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
    this.ignore = new IgnoreFiles<NodeId>(
      env.disk,
      (folder) => state.pathOf(folder),
      () => this.queue.listDeep(ROOT_NODE),
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
    this.unread = new UnreadFolders(env.clock, (folder) => this.readAgain(folder));
    this.judge = new SightingJudge(env, state, operations, gone, {
      lookAt: (parent, name) => this.lookAt(parent, name),
      listFolder: (node) => this.queue.listDeep(node),
      lookFor: (node) => this.missing.add(node),
      isSettledMove: (row, sighting) => this.leaving.isSettled(row, sighting),
    });
    const { borders, ignore, missing, judge, queue } = this;
    const judges = { borders, ignore, missing, judge, strangers: new Strangers(state) };
    this.entries = new Entries(env, state, judges);
    this.lists = new FolderLists(env, state, operations, queue, this.entries, this.unread, judges, {
      lookAt: (parent, name) => this.lookAt(parent, name),
      rootTrouble: (failure) => this.onRootTrouble(failure),
    });
    this.hinted = new HintedNames(env, state, operations, queue, this.entries, judges);
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
    return this.running !== null || !this.queue.isEmpty || this.leaving.size > 0 || this.judge.waiting > 0;
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
    this.entries.rootDevice = root.device;
    this.judge.foldsCase = foldsCase;
    // A hint that comes before the first scan was asked for must not be looked at before the rules are known.
    this.queue.listDeep(ROOT_NODE);
  }

  hint(hints: readonly Hint[]): void {
    for (const hint of hints) {
      if (hint.kind === 'lost') {
        this.queue.listDeep(ROOT_NODE);
        continue;
      }
      this.queue.addName(hint.folder, hint.child ?? '');
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
    this.queue.list(folder);
    this.kick();
  }

  /** Looks at everything. Resolves when all of it was observed and what is missing was looked for again. */
  async scanAll(): Promise<void> {
    this.fullScans += 1;
    this.queue.listDeep(ROOT_NODE);
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
    this.queue.listDeep(folder);
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
    if (this.closed || this.running || this.queue.isEmpty) return;
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
    for (let first = true; !this.closed && (first || this.queue.lists > 0); first = false) {
      // The rules are known once every folder was listed: until then hints wait.
      if (this.queue.hasNames && (this.lastScanAt !== null || this.queue.lists === 0))
        await this.hinted.lookAtHints();
      const batch = this.queue.takeLists(LISTS_AT_ONCE);
      await Promise.all(
        batch.map(([folder, depth]) => this.lists.list(this.state.local.current(folder), depth)),
      );
    }
    this.state.local.forgetRenames();
  }

  private readAgain(folder: NodeId): void {
    if (this.closed || this.state.local.get(folder)?.condition !== 'unseen') return;
    this.queue.listDeep(folder);
    this.kick();
  }
}
