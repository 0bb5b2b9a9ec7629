/**
 * Nodes that were not where they should be. A deletion is believed only after a second look, some time later, with the
 * root proven to be ours: half a rename, a save by rename-away or an unmounted disk must not become deletes.
 */
import { baseName, folderOf } from '../../core/names/path-parts.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { DiskOutcome, Found, RelPath } from '../environment/disk.ts';
import type { Environment } from '../environment/environment.ts';
import { type Operations, slotKey } from '../executor/operations.ts';
import { readMarker } from '../root-marker.ts';
import { isDisplaced, type ObservedNode } from '../state/local-tree.ts';
import type { State } from '../state/state.ts';
import { FoldersAbove } from './folders-above.ts';
import type { GoneNodes } from './gone-nodes.ts';
import type { LeavingNodes } from './leaving.ts';

/** How long a name has to stay empty. Longer than the pauses inside editors' save sequences that we know of. */
const PATIENCE_MS = 100;
/**
 * While more go missing, nothing is decided, for at most so long: what is deleted together is judged together by the
 * brake, and told to the server as the one folder it was.
 */
const GATHER_MS = 1000;

/** When it was noted, and as the how-manieth. */
interface Noted {
  readonly since: number;
  readonly number: number;
  /** How often the disk did not let anything be decided about it. */
  readonly refused: number;
}

/** A disk that fails for a moment is asked again so much later, so often; then the next full scan looks again. */
const REFUSED_MS = 1000;
const MOST_REFUSED = 5;

export class MissingNodes {
  private readonly env: Environment;
  private readonly state: State;
  private readonly operations: Operations;
  private readonly lookAt: (parent: NodeId, name: string) => void;
  private readonly leaving: LeavingNodes;
  private readonly gone: GoneNodes;
  private readonly catchUp: () => Promise<void>;
  private readonly nodes = new Map<NodeId, Noted>();
  /** Being looked at a second time. What is noted anew meanwhile is looked at once more. */
  private deciding: ReadonlyMap<NodeId, Noted> = new Map();
  private notedSoFar = 0;
  private timer: (() => void) | null = null;
  private working: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    env: Environment,
    state: State,
    operations: Operations,
    lookAt: (parent: NodeId, name: string) => void,
    leaving: LeavingNodes,
    gone: GoneNodes,
    catchUp: () => Promise<void>,
  ) {
    this.leaving = leaving;
    this.gone = gone;
    this.catchUp = catchUp;
    this.env = env;
    this.state = state;
    this.operations = operations;
    this.lookAt = lookAt;
  }

  get size(): number {
    return this.nodes.size + this.deciding.size;
  }

  add(node: NodeId): void {
    if (!this.nodes.has(node)) {
      this.notedSoFar += 1;
      this.nodes.set(node, { since: this.env.clock.monotonic(), number: this.notedSoFar, refused: 0 });
    }
    this.arm();
  }

  /** Nothing could be decided about it: it stays as old as it is for those who wait for it. */
  private addAgain(node: NodeId): void {
    const noted = this.deciding.get(node);
    if (noted) this.nodes.set(node, { ...noted, since: this.env.clock.monotonic() });
    this.arm();
  }

  /** The disk did not answer: whether it is gone is asked again, or the deletion would be told at the next full scan only. */
  private askAgain(node: NodeId): void {
    const noted = this.deciding.get(node);
    if (!noted || noted.refused >= MOST_REFUSED) return;
    const since = this.env.clock.monotonic() + REFUSED_MS;
    this.nodes.set(node, { ...noted, since, refused: noted.refused + 1 });
    this.arm();
  }

  private arm(): void {
    if (this.closed) return;
    this.timer ??= this.env.clock.after(PATIENCE_MS, () => {
      this.timer = null;
      this.working = this.working.then(() => this.confirm());
    });
  }

  /** Everything noted up to now, for `isDecided`. */
  get mark(): number {
    return this.notedSoFar;
  }

  /** Has everything been decided that had been noted by then? What goes missing later does not count. */
  isDecided(mark: number): boolean {
    for (const { number } of this.nodes.values()) if (number <= mark) return false;
    for (const { number } of this.deciding.values()) if (number <= mark) return false;
    return true;
  }

  /** Resolves when everything noted so far has been decided, whatever goes missing meanwhile. */
  async settle(): Promise<void> {
    const { mark } = this;
    while (!this.closed && !this.isDecided(mark)) {
      await this.env.clock.sleep(PATIENCE_MS / 2);
      await this.working;
    }
  }

  /** Nothing is decided any more. Resolves when a decision under way has been made. */
  async close(): Promise<void> {
    this.closed = true;
    this.timer?.();
    await this.working;
  }

  private async confirm(): Promise<void> {
    const now = this.env.clock.monotonic();
    if (this.moreMayFollow(now)) return this.arm();
    // On a busy machine the other half of a rename may be told long after the first: it is waited for, not guessed at.
    await this.catchUp();
    this.deciding = new Map(
      [...this.nodes].filter(
        ([node, { since }]) => since + PATIENCE_MS <= now + 1 && !this.leaving.has(node),
      ),
    );
    const due = [...this.deciding.keys()];
    for (const node of due) this.nodes.delete(node);
    const moment = this.operations.beginLook();
    try {
      await this.decide(due, moment);
    } finally {
      this.operations.endLook(moment);
      this.deciding = new Map();
    }
    if (this.nodes.size > 0) this.arm();
  }

  private moreMayFollow(now: number): boolean {
    let oldest = now;
    let newest = 0;
    for (const { since } of this.nodes.values()) {
      oldest = Math.min(oldest, since);
      newest = Math.max(newest, since);
    }
    return newest + PATIENCE_MS > now + 1 && oldest + GATHER_MS > now;
  }

  private async decide(due: readonly NodeId[], moment: number): Promise<void> {
    const rows = due.map((node) => this.state.local.get(node));
    const paths = rows.map((row) => (row ? this.state.pathOf(row.node) : null));
    const places = new FoldersAbove(this.env.disk, paths);
    await places.look();
    const looks = await this.env.disk.lookMany(paths.map((path) => path ?? ''));
    // Again: another disk may have come or gone meanwhile.
    await places.look();
    const root = await readMarker(this.env.disk);
    // A root that is not ours says nothing; when it is again, all of it is scanned.
    if (root.kind === 'failed') for (const node of due) this.askAgain(node);
    if (root.kind !== 'marker') return;
    this.state.transaction(() => {
      rows.forEach((row, i) => {
        const path = paths[i] ?? null;
        const hidden = path === null ? null : places.otherDisk(path);
        if (row && hidden !== null) this.hide(hidden);
        else if (row && this.isGone(row, path === null ? undefined : looks[i], moment)) this.remove(row);
      });
    });
  }

  /** Another disk shows over a folder above: what stands below it cannot be seen, and is not gone. */
  private hide(folder: RelPath): void {
    const above = this.state.nodeAt(folderOf(folder));
    if (above !== null) this.lookAt(above, baseName(folder));
  }

  private isGone(row: ObservedNode, look: DiskOutcome<Found> | undefined, moment: number): boolean {
    const now = this.state.local.get(row.node);
    if (!now || now.parent !== row.parent || now.name !== row.name || now.parked) return false;
    if (this.state.local.hiddenAbove(row.parent) !== null) return false;
    if (
      this.operations.wasTouched(row.node, moment) ||
      this.operations.wasTouched(slotKey(row.parent, row.name), moment)
    ) {
      if (isDisplaced(row.name)) this.addAgain(row.node);
      else this.lookAt(row.parent, row.name);
      return false;
    }
    if (look === undefined) return isDisplaced(row.name);
    if (look.kind === 'found') {
      this.lookAt(row.parent, row.name);
      return false;
    }
    if (look.trouble === 'gone' || look.trouble === 'not-folder') return true;
    this.askAgain(row.node);
    return false;
  }

  private remove(row: ObservedNode): void {
    if (row.condition === 'excluded') this.letComeDown(row);
    const path = this.state.nameOf(row.node);
    for (const gone of this.state.local.remove(row.node)) {
      this.gone.note(gone);
      this.nodes.delete(gone);
      this.state.problems.clear(gone);
      this.operations.undefer(gone);
    }
    if (this.state.synced.get(row.node)) {
      this.state.ledger.add({
        at: this.env.clock.now(),
        node: row.node,
        path,
        verb: 'gone',
        rule: 'observed gone from this disk',
        detail: row.kind,
      });
    }
  }

  /** Deleted while a rule left it out: that was nobody's business, and now that the rule is gone it is missed here. */
  private letComeDown(row: ObservedNode): void {
    for (const below of this.state.synced.below(row.node)) this.state.synced.remove(below.node);
    this.state.synced.remove(row.node);
  }
}
