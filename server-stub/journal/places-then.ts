/** Where everything stood, folded from journal rows in their order: places, lives, heads. */
import type { NodeKind } from '../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';
import type { PlaceChange } from '../metadata/rows.ts';

export interface Place {
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
  readonly deadSeq: number | null;
  readonly head: VersionId | null;
}

export class PlacesThen {
  readonly #places = new Map<NodeId, Place>();
  readonly #children = new Map<NodeId, Set<NodeId>>();
  readonly #changed = new Set<NodeId>();
  #seq: number;

  /** `seq`: everything up to it is put in as it stood, not folded. */
  constructor(seq = 0) {
    this.#seq = seq;
  }

  /** The last row that was folded. */
  get seq(): number {
    return this.#seq;
  }

  get(id: NodeId): Place | null {
    return this.#places.get(id) ?? null;
  }

  get all(): ReadonlyMap<NodeId, Place> {
    return this.#places;
  }

  /** What rows that were folded changed. */
  get changed(): ReadonlySet<NodeId> {
    return this.#changed;
  }

  /** As it stood where the folding begins. */
  put(id: NodeId, place: Place): void {
    this.#places.set(id, place);
    this.#childrenOf(place.parent).add(id);
  }

  isLive(id: NodeId): boolean {
    return id === ROOT_NODE || this.#places.get(id)?.deadSeq === null;
  }

  fold(row: PlaceChange): void {
    this.#seq = row.seq;
    this.#changed.add(row.node);
    const { node, kind, name, deadSeq, head } = row;
    const parent = row.parent ?? ROOT_NODE;
    const before = this.#places.get(node);
    if (before !== undefined && before.parent !== parent) this.#children.get(before.parent)?.delete(node);
    if (before?.parent !== parent) this.#childrenOf(parent).add(node);
    this.#places.set(node, { kind, parent, name, deadSeq, head });
    if (row.subtree === 'dead') this.#mark(node, null, deadSeq);
    if (row.subtree === 'revived') this.#mark(node, row.revivedBatch, null);
  }

  /** Live nodes below a folder, parents before children. */
  below(folder: NodeId): NodeId[] {
    return this.#walk(folder, null);
  }

  /** Nodes below that are reached through nodes of the same death (null: through living ones). */
  #walk(folder: NodeId, deadSeq: number | null): NodeId[] {
    const found: NodeId[] = [];
    const seen = new Set<NodeId>([folder]);
    const open: NodeId[] = [folder];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const child of this.#children.get(at) ?? []) {
        if (seen.has(child) || this.#places.get(child)?.deadSeq !== deadSeq) continue;
        seen.add(child);
        found.push(child);
        open.push(child);
      }
    }
    return found;
  }

  #mark(folder: NodeId, from: number | null, to: number | null): void {
    for (const id of this.#walk(folder, from)) {
      const place = this.#places.get(id);
      this.#changed.add(id);
      if (place !== undefined) this.#places.set(id, { ...place, deadSeq: to });
    }
  }

  #childrenOf(parent: NodeId): Set<NodeId> {
    const known = this.#children.get(parent);
    if (known !== undefined) return known;
    const fresh = new Set<NodeId>();
    this.#children.set(parent, fresh);
    return fresh;
  }
}
