/** What is held: nothing of it goes, whatever the policy says, until somebody releases it. */
import { type NamespaceId, type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { NodeRow } from '../metadata/rows.ts';

/** Looked up once for a piece of work in one transaction. */
export class Holds {
  readonly #tx: ReadTx;
  readonly #ns: NamespaceId;
  readonly #held: ReadonlySet<NodeId>;

  private constructor(tx: ReadTx, ns: NamespaceId, held: ReadonlySet<NodeId>) {
    this.#tx = tx;
    this.#ns = ns;
    this.#held = held;
  }

  static async of(tx: ReadTx, ns: NamespaceId): Promise<Holds> {
    return new Holds(tx, ns, new Set((await tx.holds(ns)).map(({ node }) => node)));
  }

  /** The whole namespace. */
  holdsAll(): boolean {
    return this.#held.has(ROOT_NODE);
  }

  /** It, or a folder that it stands in, or stood in when it died. */
  async holdsNode(id: NodeId): Promise<boolean> {
    if (this.#held.size === 0) return false;
    for (let at: NodeId | null = id; at !== null; ) {
      if (this.#held.has(at)) return true;
      const row: NodeRow | null = await this.#tx.node(this.#ns, at);
      at = row?.parent ?? null;
    }
    return false;
  }

  /** Something of what died together is held. */
  async holdsBatch(deadSeq: number): Promise<boolean> {
    if (this.#held.size === 0) return false;
    for (const top of await this.#tx.trashTops(this.#ns, deadSeq)) if (await this.holdsNode(top)) return true;
    for (const id of this.#held) if ((await this.#tx.node(this.#ns, id))?.deadSeq === deadSeq) return true;
    return false;
  }
}
