/**
 * What users do to their disks, and what the scanner makes of it. An action is a few numbers, read as choices among what
 * is there when it happens, so that a list of actions stays meaningful when some of them are taken away.
 */
import type { Content, NodeKind } from '../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Stream } from '../simulation/random.ts';
import { bytes, type LocalNode, labelOf, tokenOf } from './memory-trees.ts';
import { separate } from './model-answers.ts';
import type { ModelDevice } from './model-device.ts';

const KINDS = {
  write: 8,
  folder: 6,
  edit: 12,
  again: 3,
  touch: 2,
  rename: 10,
  move: 18,
  over: 4,
  remove: 8,
  clear: 8,
  swap: 6,
  ring: 4,
  turn: 3,
  copy: 3,
  climb: 4,
  invert: 4,
  remake: 4,
  hide: 1,
  exclude: 2,
  show: 1,
  clash: 5,
  decide: 1,
  forget: 1,
} as const;
export type UserActionKind = keyof typeof KINDS;
const DRAW: readonly UserActionKind[] = (Object.keys(KINDS) as UserActionKind[]).flatMap((kind) =>
  Array.from({ length: KINDS[kind] }, () => kind),
);

export interface UserAction {
  readonly device: number;
  readonly kind: UserActionKind;
  /** Choices, modulo what there is. */
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export function drawAction(random: Stream, devices: number): UserAction {
  return {
    device: random.below(devices),
    kind: random.pick(DRAW),
    a: random.below(1 << 16),
    b: random.below(1 << 16),
    c: random.below(1 << 16),
  };
}

/** One of the things that are there before anything else happens. */
export function drawStart(random: Stream): UserAction {
  const kind = random.chance(0.5) ? 'write' : 'folder';
  return { device: 0, kind, a: random.below(1 << 16), b: random.below(1 << 16), c: random.below(1 << 16) };
}

/** Contents that some user wrote and that no user who had them threw away. */
export class Oracle {
  readonly written = new Set<Content>();
  readonly superseded = new Set<Content>();
  private readonly made = new Set<Content>();
  private next = 0;

  fresh(): Content {
    this.next += 1;
    const content = bytes(`#${this.next}`);
    this.made.add(content);
    return content;
  }

  /** It stands on a disk. Only fresh contents can be told apart, so only they are watched. */
  write(content: Content): void {
    if (this.made.has(content)) this.written.add(content);
  }

  supersede(content: Content | undefined): void {
    if (content) this.superseded.add(content);
  }
}

export class ModelUser {
  private readonly device: ModelDevice;
  private readonly oracle: Oracle;
  private readonly names: readonly string[];
  private readonly told: boolean;

  constructor(device: ModelDevice, oracle: Oracle, names: readonly string[], told: boolean) {
    this.device = device;
    this.oracle = oracle;
    this.names = names;
    this.told = told;
  }

  /** What was done, in words, if anybody listens. */
  private say(words: () => string): string {
    return this.told ? words() : 'done';
  }

  /** Does it, if there is anything to do it to; says in words what was done. */
  act(action: UserAction): string | null {
    const { kind, a, b, c } = action;
    const name = this.names[c % this.names.length]!;
    switch (kind) {
      case 'write':
        return this.write(this.folder(a), name, b % 8 === 0 ? bytes(`=${b % 3}`) : this.oracle.fresh());
      case 'folder':
        return this.make(this.folder(a), name);
      case 'edit':
        return this.edit(this.file(a), this.oracle.fresh());
      case 'again':
        return this.edit(this.file(a), bytes(`=${b % 3}`));
      case 'touch':
        return this.touch(this.file(a));
      case 'rename':
        return this.move(this.any(a), null, name);
      case 'move':
        return this.move(this.any(a), this.folder(b), null);
      case 'over':
        return this.over(this.file(a), this.file(b));
      case 'remove':
        return this.remove(this.file(a));
      case 'clear':
        return this.remove(this.any(a));
      case 'swap':
        return this.ring([this.any(a), this.any(b)]);
      case 'ring':
        return this.ring([this.any(a), this.any(b), this.any(c)]);
      case 'turn':
        return this.turn(this.any(a));
      case 'copy':
        return this.copy(this.file(a), this.folder(b), name);
      case 'climb':
        return this.climb(this.any(a));
      case 'invert':
        return this.invert(this.any(a));
      case 'remake':
        return this.remake(this.any(a));
      case 'hide':
        return this.hide(this.any(a), 'unseen');
      case 'exclude':
        return this.exclude(this.any(a));
      case 'show':
        return this.heal() ? 'show everything' : null;
      case 'decide':
        return this.decide(b);
      case 'clash':
      case 'forget':
        throw new Error(`${kind} is done by the world`);
    }
  }

  /** Everything can be observed again, and no rule leaves anything out. */
  heal(): boolean {
    const { trees } = this.device;
    if (!trees.hides) return false;
    trees.hides = false;
    for (const row of [...trees.locals.all()])
      if (row.condition === 'unseen' || row.condition === 'excluded') this.put({ ...row, condition: 'seen' });
    return true;
  }

  /** Answers what is asked about nodes that the server has forgotten: kept as new ones, or thrown away. */
  decide(choice: number): string | null {
    const { trees } = this.device;
    if (trees.held.size === 0) return null;
    const words: string[] = [];
    [...trees.held].forEach((node, index) => {
      const row = trees.local(node);
      if (row && !this.device.reachable(node)) return;
      trees.held.delete(node);
      if (!row || trees.remote(node)) return;
      const throwAway = (choice >> (index % 8)) % 2 === 1 && !this.holdsHidden(node);
      words.push(this.say(() => `${throwAway ? 'throw away' : 'keep'} ${this.path(node)}`));
      this.device.count(throwAway ? 'throw unknown away' : 'keep unknown');
      if (throwAway) {
        this.erase(row);
        trees.synceds.remove(node);
      } else separate(this.device, node);
    });
    return words.length > 0 ? words.join('; ') : null;
  }

  // --- choices -------------------------------------------------------------------------------------------------

  private choices(kind: NodeKind | null): LocalNode[] {
    const found: LocalNode[] = [];
    for (const row of this.device.trees.locals.all())
      if (row.condition === 'seen' && !row.parked && (kind === null || row.kind === kind) && this.isOpen(row))
        found.push(row);
    return found;
  }

  /** Can what stands in its folder be seen and reached? */
  private isOpen(row: LocalNode): boolean {
    for (let at = row.parent; at !== ROOT_NODE; ) {
      const folder = this.device.trees.locals.get(at);
      if (!folder || folder.parked || folder.condition === 'unseen' || folder.condition === 'excluded')
        return false;
      at = folder.parent;
    }
    return true;
  }

  /** A file that many have, and rather a conflict copy. */
  disputed(choice: number, copies: boolean): LocalNode | null {
    const files = this.choices('file');
    const wanted = copies ? files.filter((row) => row.name.includes('!')) : [];
    const rows = wanted.length > 0 ? wanted : files;
    return rows[choice % Math.max(1, rows.length)] ?? null;
  }

  private any(choice: number): LocalNode | null {
    const rows = this.choices(null);
    return rows[choice % Math.max(1, rows.length)] ?? null;
  }

  private file(choice: number): LocalNode | null {
    const rows = this.choices('file');
    return rows[choice % Math.max(1, rows.length)] ?? null;
  }

  private folder(choice: number): NodeId {
    const rows = this.choices('folder');
    return rows[choice % (rows.length + 1)]?.node ?? ROOT_NODE;
  }

  // --- doing ---------------------------------------------------------------------------------------------------

  private put(row: LocalNode): void {
    this.device.trees.locals.put(row);
  }

  private isFree(parent: NodeId, name: string): boolean {
    return this.device.trees.localAt(parent, name) === null;
  }

  private write(parent: NodeId, name: string, content: Content, node = this.device.freshId()): string | null {
    const there = this.device.trees.localAt(parent, name);
    if (there) return there.kind === 'file' && there.condition === 'seen' ? this.edit(there, content) : null;
    const stamp = this.device.freshStamp();
    this.put({
      node,
      kind: 'file',
      parent,
      name,
      condition: 'seen',
      content: null,
      mtimeNs: 0n,
      size: 0,
      stamp,
      parked: false,
    });
    this.device.disk.set(node, content);
    this.oracle.write(content);
    return this.say(() => `write ${this.path(node)} = ${tokenOf(content)}`);
  }

  private make(parent: NodeId, name: string): string | null {
    if (!this.isFree(parent, name)) return null;
    const node = this.device.freshId();
    const stamp = this.device.freshStamp();
    this.put({
      node,
      kind: 'folder',
      parent,
      name,
      condition: 'seen',
      content: null,
      mtimeNs: 0n,
      size: 0,
      stamp,
      parked: false,
    });
    return this.say(() => `mkdir ${this.path(node)}`);
  }

  private edit(row: LocalNode | null, content: Content): string | null {
    if (!row) return null;
    const old = this.device.disk.get(row.node);
    if (old !== content) this.oracle.supersede(old);
    this.device.disk.set(row.node, content);
    this.oracle.write(content);
    this.put({ ...row, content: null, stamp: this.device.freshStamp() });
    return this.say(() => `edit ${this.path(row.node)}: ${tokenOf(old ?? null)} -> ${tokenOf(content)}`);
  }

  private touch(row: LocalNode | null): string | null {
    if (!row) return null;
    this.put({ ...row, content: null, stamp: this.device.freshStamp() });
    return this.say(() => `touch ${this.path(row.node)}`);
  }

  private move(row: LocalNode | null, folder: NodeId | null, newName: string | null): string | null {
    if (!row) return null;
    const parent = folder ?? row.parent;
    const name = newName ?? row.name;
    if (!this.isFree(parent, name) || this.isInside(parent, row.node)) return null;
    const from = this.say(() => this.path(row.node));
    this.place(row, parent, name);
    return this.say(() => `mv ${from} ${this.path(row.node)}`);
  }

  /**
   * `mv a b` over an existing b: b's node takes a's content, a's node is gone with b as successor (RULES 13). Over a twin
   * it leaves what `rm a` leaves: one of two copies was thrown away.
   */
  private over(from: LocalNode | null, to: LocalNode | null): string | null {
    const content = from && this.device.disk.get(from.node);
    if (!from || !to || !content || from.node === to.node) return null;
    const words = this.say(() => `mv ${this.path(from.node)} over ${this.path(to.node)}`);
    if (this.device.disk.get(to.node) === content) this.oracle.supersede(content);
    this.edit(to, content);
    this.device.trees.locals.remove(from.node);
    this.device.disk.delete(from.node);
    this.device.trees.successors.set(from.node, to.node);
    return words;
  }

  private remove(row: LocalNode | null): string | null {
    if (!row || this.holdsHidden(row.node)) return null;
    const words = this.say(() => `rm -r ${this.path(row.node)}`);
    this.erase(row);
    return words;
  }

  private erase(row: LocalNode): void {
    const { device } = this;
    for (const child of device.trees.localChildren(row.node)) this.erase(child);
    this.oracle.supersede(device.disk.get(row.node));
    device.disk.delete(row.node);
    device.trees.locals.remove(row.node);
  }

  private ring(rows: readonly (LocalNode | null)[]): string | null {
    const ring = rows.filter((row) => row !== null);
    if (new Set(ring.map((row) => row.node)).size < rows.length) return null;
    for (const row of ring)
      for (const other of ring) if (row !== other && this.isInside(other.node, row.node)) return null;
    const words = this.say(() => `ring ${ring.map((row) => this.path(row.node)).join(' -> ')}`);
    const places = ring.map((_, at) => ring[(at + 1) % ring.length]!);
    ring.forEach((row, at) => {
      this.place(row, places[at]!.parent, places[at]!.name);
    });
    return words;
  }

  /** A file becomes a folder of the same name, or the other way round. */
  private turn(row: LocalNode | null): string | null {
    const words = row && this.remove(row);
    if (!row || !words) return null;
    const made =
      row.kind === 'folder'
        ? this.write(row.parent, row.name, this.oracle.fresh())
        : this.make(row.parent, row.name);
    return `${words}; ${made}`;
  }

  private copy(row: LocalNode | null, parent: NodeId, name: string): string | null {
    const content = row && this.device.disk.get(row.node);
    return content && this.isFree(parent, name) ? this.write(parent, name, content) : null;
  }

  /** Takes the name of the folder it is in, which is deleted. */
  private climb(row: LocalNode | null): string | null {
    const folder = row && this.device.trees.local(row.parent);
    if (!row || !folder || folder.node === ROOT_NODE) return null;
    if (
      this.device.trees
        .localChildren(folder.node)
        .some((each) => each.node !== row.node && this.holdsHidden(each.node))
    )
      return null;
    const words = this.say(() => `climb ${this.path(row.node)}`);
    this.device.trees.locals.remove(row.node);
    const below = this.device.trees.localChildren(folder.node);
    for (const child of below) if (child.node !== row.node) this.erase(child);
    this.device.trees.locals.remove(folder.node);
    this.place(row, folder.parent, folder.name);
    return words;
  }

  /** A folder and the folder in it change places. */
  private invert(row: LocalNode | null): string | null {
    const outer = row && this.device.trees.local(row.parent);
    if (row?.kind !== 'folder' || !outer || outer.node === ROOT_NODE || !this.isFree(row.node, row.name))
      return null;
    const words = this.say(() => `invert ${this.path(row.node)}`);
    this.place(row, outer.parent, outer.name);
    this.place(outer, row.node, row.name);
    return words;
  }

  /** Deleted and made again under the same name, empty or with a fresh content. */
  private remake(row: LocalNode | null): string | null {
    const words = row && this.remove(row);
    if (!row || !words) return null;
    return `${words}; ${row.kind === 'folder' ? this.make(row.parent, row.name) : this.write(row.parent, row.name, this.oracle.fresh())}`;
  }

  /** Permissions taken away: not to be observed for a while. */
  private hide(row: LocalNode | null, condition: 'unseen' | 'excluded'): string | null {
    if (!row) return null;
    this.put({ ...row, condition });
    this.device.trees.hides = true;
    return this.say(() => `${condition} ${this.path(row.node)}`);
  }

  /** A rule leaves it out. What was never agreed on is no node any more then, so only what was is looked at here. */
  private exclude(row: LocalNode | null): string | null {
    return row && this.device.trees.synced(row.node) ? this.hide(row, 'excluded') : null;
  }

  editNode(node: NodeId): string | null {
    const row = this.choices('file').find((each) => each.node === node);
    return row ? this.edit(row, this.oracle.fresh()) : null;
  }

  private holdsHidden(node: NodeId): boolean {
    const row = this.device.trees.local(node);
    if (row?.condition === 'unseen' || row?.condition === 'excluded' || row?.parked) return true;
    return this.device.trees.localChildren(node).some((child) => this.holdsHidden(child.node));
  }

  private place(row: LocalNode, parent: NodeId, name: string): void {
    this.put({ ...row, parent, name, stamp: this.device.freshStamp() });
  }

  private isInside(at: NodeId, node: NodeId): boolean {
    for (; at !== ROOT_NODE; at = this.device.trees.local(at)!.parent) if (at === node) return true;
    return false;
  }

  private path(node: NodeId): string {
    const names: string[] = [];
    for (let at = node; at !== ROOT_NODE; ) {
      const row = this.device.trees.local(at)!;
      names.unshift(row.name);
      at = row.parent;
    }
    return `${names.join('/')} [${labelOf(node)}]`;
  }
}
