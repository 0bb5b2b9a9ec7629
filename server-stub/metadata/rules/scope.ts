/** What the rules share while one batch of claims is decided: the transaction, the ledger, and names for ids. */
import {
  type ConflictId,
  type NodeId,
  parseConflictId,
  parseNodeId,
  ROOT_NODE,
  uuidV7,
} from '../../../src/protocol/ids.ts';
import { EventBuilder } from '../event-of.ts';
import type { EntryChange, WriteTx } from '../metadata-store.ts';
import type { HeadRow, NamespaceRow, NodeRow } from '../rows.ts';
import type { Caller, RuleEffects } from './context.ts';
import { Ledger, type LedgerMark } from './ledger.ts';

/** The folder that a node is in, or was in when it died; the root is in itself. */
export function folderOf(node: NodeRow): NodeId {
  return node.parent ?? ROOT_NODE;
}

/** Most ids a batch remembers the meaning of. */
const REMEMBERED = 10_000;

export class Scope {
  readonly tx: WriteTx;
  readonly caller: Caller;
  readonly effects: RuleEffects;
  readonly ns: NamespaceRow['id'];
  /** One moment for the whole batch. */
  readonly now: number;
  readonly events: EventBuilder;
  readonly ledger: Ledger;
  readonly #meaning = new Map<NodeId, NodeId>();
  #folder: { readonly proposed: NodeId; readonly row: NodeRow } | null = null;

  constructor(tx: WriteTx, ns: NamespaceRow, caller: Caller, effects: RuleEffects) {
    this.tx = tx;
    this.caller = caller;
    this.effects = effects;
    this.ns = ns.id;
    this.now = effects.now();
    this.events = new EventBuilder(tx, ns.id);
    this.ledger = new Ledger(tx, ns, caller, effects, this.now, this.events);
  }

  /** The node that this device means by an id: its own proposal may have been bound to another one (RULES 7). */
  async #bound(id: NodeId): Promise<NodeId> {
    const known = this.#meaning.get(id);
    if (known !== undefined) return known;
    const meant = (await this.tx.alias(this.caller.device, this.ns, id)) ?? id;
    if (this.#meaning.size >= REMEMBERED) this.#meaning.clear();
    this.#meaning.set(id, meant);
    return meant;
  }

  /**
   * The node that a claim speaks of. A device that has forgotten what it knew of a node proposes its very id for a copy:
   * told which one the copy is, it means the node itself by it, as long as that lives.
   */
  async meant(id: NodeId): Promise<NodeId> {
    const bound = await this.#bound(id);
    return bound !== id && (await this.tx.node(this.ns, id))?.live === true ? id : bound;
  }

  /** The node a claim speaks of; null if there is none. */
  async node(id: NodeId): Promise<NodeRow | null> {
    const row = await this.tx.node(this.ns, await this.meant(id));
    return row !== null && (await this.#isForgotten(row)) ? null : row;
  }

  /** Its bytes may be gone: nothing can bring back the node; whoever still has them makes a new one. */
  async #isForgotten({ kind, deadSeq }: NodeRow): Promise<boolean> {
    return kind !== 'folder' && deadSeq !== null && (await this.tx.isTrashReleased(this.ns, deadSeq));
  }

  /** A folder that claims in a row name as their parent: read once, until a place or a life changes. */
  async folder(id: NodeId): Promise<NodeRow | null> {
    if (this.#folder?.proposed === id) return this.#folder.row;
    // What was made in a folder that it proposed is in that one.
    const row = await this.tx.node(this.ns, await this.#bound(id));
    this.#folder = row === null ? null : { proposed: id, row };
    return row;
  }

  forgetFolder(): void {
    this.#folder = null;
  }

  async headOf(node: NodeRow): Promise<HeadRow | null> {
    return node.head === null ? null : this.tx.head(this.ns, node.head);
  }

  async bind(proposed: NodeId, real: NodeId): Promise<void> {
    if (proposed === real) return;
    await this.tx.addAlias(this.caller.device, this.ns, proposed, real);
    this.#meaning.set(proposed, real);
    this.forgetFolder();
  }

  freshNode(): NodeId {
    return parseNodeId(this.#uuid());
  }

  freshConflict(): ConflictId {
    return parseConflictId(this.#uuid());
  }

  /** What the change about to be appended writes into every node whose place or life it touches. */
  get entryChange(): EntryChange {
    return { seq: this.ledger.next, device: this.caller.device, at: this.now };
  }

  /** A node with its place or life changed by the change about to be appended. */
  moved(node: NodeRow, to: Partial<NodeRow>): NodeRow {
    this.forgetFolder();
    const { seq, device, at } = this.entryChange;
    return { ...node, ...to, rev: node.rev + 1, entrySeq: seq, entryDevice: device, entryAt: at };
  }

  /** A node that lives again, or still. */
  alive(node: NodeRow, to: Partial<NodeRow> = {}): NodeRow {
    return this.moved(node, { ...to, live: true, deadSeq: null, successor: null });
  }

  /** Undoes what `fn` did if it throws. */
  async savepoint<T>(fn: () => Promise<T>): Promise<T> {
    const mark: LedgerMark = this.ledger.mark();
    try {
      return await this.tx.savepoint(fn);
    } catch (fault) {
      this.ledger.reset(mark);
      this.#meaning.clear();
      this.forgetFolder();
      throw fault;
    }
  }

  #uuid(): string {
    return uuidV7(this.now, this.effects.randomBytes(10));
  }
}
