/** Appends to one namespace's journal within one transaction: dense seqs, the running hash, and the events to answer. */
import type { Blake3 } from '../../../src/core/manifest/manifest.ts';
import { type Epoch, type NamespaceId, type VersionId, versionId } from '../../../src/protocol/ids.ts';
import type { Cursor, EventCause, JournalEvent } from '../../../src/protocol/journal.ts';
import type { EventBuilder } from '../event-of.ts';
import type { WriteTx } from '../metadata-store.ts';
import type { ConflictRow, HeadRow, JournalRow, NamespaceRow, NodePost } from '../rows.ts';
import type { Caller, RuleEffects } from './context.ts';

/** One change of one node, as it stands after it. */
export interface Change {
  readonly cause: EventCause;
  readonly node: NodePost;
  readonly head: HeadRow | null;
  readonly subtree?: 'dead' | 'revived' | null;
  readonly revivedBatch?: number | null;
  readonly approved?: boolean;
  readonly conflict?: ConflictRow | null;
  readonly more?: boolean;
}

export interface LedgerMark {
  readonly seq: number;
  readonly hash: string;
  readonly events: number;
  readonly nodesAdded: number;
}

export class Ledger {
  readonly epoch: Epoch;
  readonly #tx: WriteTx;
  readonly #ns: NamespaceId;
  readonly #caller: Caller;
  readonly #blake3: Blake3;
  readonly #now: number;
  readonly #builder: EventBuilder;
  #seq: number;
  #hash: string;
  #key: number | null = null;
  #events: JournalEvent[] = [];
  #nodesAdded = 0;

  constructor(
    tx: WriteTx,
    ns: NamespaceRow,
    caller: Caller,
    effects: RuleEffects,
    now: number,
    builder: EventBuilder,
  ) {
    this.#tx = tx;
    this.#ns = ns.id;
    this.epoch = ns.epoch;
    this.#seq = ns.headSeq;
    this.#hash = ns.headHash;
    this.#caller = caller;
    this.#blake3 = effects.blake3;
    this.#now = now;
    this.#builder = builder;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Where the journal stands with everything appended so far. */
  get cursor(): Cursor {
    return { epoch: this.epoch, seq: this.#seq, hash: this.#hash };
  }

  /** The seq the next change gets: what it writes into the node before it appends. */
  get next(): number {
    return this.#seq + 1;
  }

  get nextVersion(): VersionId {
    return versionId(this.epoch, this.next);
  }

  async append(change: Change): Promise<void> {
    const seq = this.next;
    const hash = runningHash(this.#blake3, this.#hash, seq, change, this.#caller.device);
    const row: JournalRow = {
      seq,
      hash,
      cause: change.cause,
      node: change.node,
      subtree: change.subtree ?? null,
      revivedBatch: change.revivedBatch ?? null,
      approved: change.approved ?? false,
      conflict: change.conflict?.id ?? null,
      device: this.#caller.device,
      at: this.#now,
      more: change.more ?? false,
      key: this.#key,
    };
    await this.#tx.addJournalRow(this.#ns, row);
    this.#seq = seq;
    this.#hash = hash;
    this.#events.push(await this.#builder.ofJournal({ ...row, head: change.head }));
  }

  /** What is appended from now on is the work of the claim under this key. */
  under(key: number): void {
    this.#key = key;
  }

  countNode(): void {
    this.#nodesAdded += 1;
  }

  mark(): LedgerMark {
    return {
      seq: this.#seq,
      hash: this.#hash,
      events: this.#events.length,
      nodesAdded: this.#nodesAdded,
    };
  }

  /** Goes back to a mark, with the savepoint that was opened there. */
  reset(mark: LedgerMark): void {
    this.#seq = mark.seq;
    this.#hash = mark.hash;
    this.#events.length = mark.events;
    this.#nodesAdded = mark.nodesAdded;
  }

  /** The events since the last call. */
  take(): JournalEvent[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  /** Once per transaction, at its end. */
  async flush(): Promise<void> {
    await this.#tx.setJournalHead(this.#ns, this.#seq, this.#hash, this.#nodesAdded);
  }
}

const encoder = new TextEncoder();

/** 16 hex digits over the digits before and everything in the row that decides something (RULES 25). */
export function runningHash(
  blake3: Blake3,
  before: string,
  seq: number,
  { cause, node, subtree, revivedBatch }: Pick<Change, 'cause' | 'node' | 'subtree' | 'revivedBatch'>,
  device: string,
): string {
  const fields = [
    before,
    seq,
    cause,
    node.id,
    node.kind,
    node.parent,
    node.name,
    node.rev,
    node.entrySeq,
    node.deadSeq,
    node.successor,
    node.head,
    subtree ?? null,
    revivedBatch ?? null,
    device,
  ];
  return hexOf(blake3(encoder.encode(JSON.stringify(fields))));
}

/** Where a namespace's chain begins. */
export function firstHash(blake3: Blake3, ns: NamespaceId, epoch: Epoch): string {
  return hexOf(blake3(encoder.encode(`tidemark journal ${ns} ${epoch}`)));
}

function hexOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, 8).toString('hex');
}
