/**
 * What a deletion takes and what it leaves (RULES 10). A folder takes with it exactly what this device had seen of it:
 * what others changed since, or what never reached this disk, lives on; of a folder, with everything in it; and with the
 * folders above it. Deletes and moves of one rearrangement are judged together, by the tree as the moves leave it.
 */
import type { DeleteClaim } from '../../../src/protocol/claims.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { NodeRow } from '../rows.ts';
import type { Scope } from './scope.ts';

/** What a delete says this device had seen below. */
export type Seen = Pick<DeleteClaim, 'observedSeq' | 'unapplied'>;

/** Where nodes stand after moves that have not been made yet. */
export class Places {
  readonly #scope: Scope;
  readonly #parents: ReadonlyMap<NodeId, NodeId>;

  constructor(scope: Scope, parents: ReadonlyMap<NodeId, NodeId>) {
    this.#scope = scope;
    this.#parents = parents;
  }

  isMoved(id: NodeId): boolean {
    return this.#parents.has(id);
  }

  get moved(): Iterable<NodeId> {
    return this.#parents.keys();
  }

  async parentOf(id: NodeId): Promise<NodeId | null> {
    return this.#parents.get(id) ?? (await this.#scope.tx.node(this.#scope.ns, id))?.parent ?? null;
  }
}

export interface Fate {
  /** What lives on below the deleted, and of those the ones that hold it. */
  readonly survivors: readonly NodeId[];
  /** The topmost nodes that die. */
  readonly dying: readonly NodeRow[];
}

/** Judges deletes of the nodes given. */
export async function fateOf(
  scope: Scope,
  deletes: ReadonlyMap<NodeId, Seen>,
  places: Places = new Places(scope, new Map()),
): Promise<Fate> {
  const judge = new Judge(scope, deletes, places);
  for (const [folder, seen] of deletes) await judge.keepUnseen(folder, seen);
  // Nothing dies that one of the moves puts there.
  for (const id of places.moved) await judge.keepAbove(id);
  return { survivors: judge.survivors(), dying: await judge.dying() };
}

class Judge {
  readonly #scope: Scope;
  readonly #deletes: ReadonlyMap<NodeId, Seen>;
  readonly #places: Places;
  readonly #kept = new Set<NodeId>();
  /** Of those, the ones that keep everything in them too. */
  readonly #whole = new Set<NodeId>();

  constructor(scope: Scope, deletes: ReadonlyMap<NodeId, Seen>, places: Places) {
    this.#scope = scope;
    this.#deletes = deletes;
    this.#places = places;
  }

  async keepUnseen(folder: NodeId, seen: Seen): Promise<void> {
    const { tx, ns } = this.#scope;
    for (const id of await tx.unseenBelow(ns, folder, seen.observedSeq)) {
      if (!this.#hasOwnStep(id)) await this.#keep(id);
    }
    for (const id of seen.unapplied) {
      const node = await this.#scope.node(id);
      if (node?.live && (node.id === folder || !this.#hasOwnStep(node.id))) await this.#keep(node.id);
    }
  }

  /** Keeps a node and the folders from it up to the topmost deleted one. False if none is: nothing threatens it. */
  async keepAbove(id: NodeId): Promise<boolean> {
    const path: NodeId[] = [];
    let threatened = 0;
    for (let at: NodeId | null = id; at !== null; at = await this.#places.parentOf(at)) {
      path.push(at);
      if (this.#deletes.has(at) || this.#kept.has(at)) threatened = path.length;
      if (this.#kept.has(at)) break;
    }
    for (const node of path.slice(0, threatened).reverse()) this.#kept.add(node);
    return threatened > 0;
  }

  survivors(): readonly NodeId[] {
    return [...this.#kept].filter((id) => !this.#places.isMoved(id));
  }

  async dying(): Promise<readonly NodeRow[]> {
    const found = new Set<NodeId>();
    for (const id of this.#kept) {
      if (this.#whole.has(id) || this.#places.isMoved(id)) continue;
      for (const child of await this.#childrenOf(id)) if (!this.#kept.has(child)) found.add(child);
    }
    for (const id of this.#deletes.keys()) if (!this.#kept.has(id)) found.add(id);
    const topmost: NodeRow[] = [];
    for (const id of found) {
      const node = (await this.#isBelow(id, found)) ? null : await this.#scope.tx.node(this.#scope.ns, id);
      if (node !== null) topmost.push(node);
    }
    return topmost;
  }

  async #keep(id: NodeId): Promise<void> {
    if (!(await this.keepAbove(id))) return;
    const open = [id];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (this.#whole.has(at)) continue;
      this.#whole.add(at);
      this.#kept.add(at);
      open.push(...(await this.#childrenOf(at)));
    }
  }

  /** What is in a folder and neither leaves it nor has a delete of its own. */
  async #childrenOf(folder: NodeId): Promise<readonly NodeId[]> {
    const children = await this.#scope.tx.liveChildren(this.#scope.ns, folder);
    return children.filter((child) => !this.#hasOwnStep(child));
  }

  #hasOwnStep(id: NodeId): boolean {
    return this.#deletes.has(id) || this.#places.isMoved(id);
  }

  async #isBelow(id: NodeId, others: ReadonlySet<NodeId>): Promise<boolean> {
    for (let at = await this.#places.parentOf(id); at !== null; at = await this.#places.parentOf(at)) {
      if (others.has(at)) return true;
    }
    return false;
  }
}
