/** Post-states on the wire: every journal event, snapshot row and answer is built here and nowhere else. */
import type { VersionContent, WireHead } from '../../src/protocol/head.ts';
import type { ConflictId, DeviceId, NamespaceId, NodeId, VersionId } from '../../src/protocol/ids.ts';
import { ROOT_NODE } from '../../src/protocol/ids.ts';
import type {
  EventCause,
  JournalEvent,
  WireConflict,
  WireEntry,
  WireSide,
} from '../../src/protocol/journal.ts';
import { LIMITS } from '../../src/protocol/limits.ts';
import type { ReadTx } from './metadata-store.ts';
import type { Author, ConflictRow, HeadRow, JournalRead, NodePost, NodeState } from './rows.ts';

/** Builds events inside one transaction; remembers the names of authors. */
export class EventBuilder {
  readonly #tx: ReadTx;
  readonly #ns: NamespaceId;
  readonly #authors = new Map<DeviceId, Author>();

  constructor(tx: ReadTx, ns: NamespaceId) {
    this.#tx = tx;
    this.#ns = ns;
  }

  /** A row of the journal, as it was at its seq. Its conflict is told as it stands now. */
  async ofJournal(row: Omit<JournalRead, 'hash' | 'more' | 'key'>): Promise<JournalEvent> {
    const author = await this.author(row.device);
    return {
      seq: row.seq,
      node: row.node.id,
      kind: row.node.kind,
      cause: row.cause,
      entry: entryOf(row.node),
      head: row.head === null ? null : await this.head(row.head),
      subtree: row.subtree,
      revivedBatch: row.revivedBatch,
      approved: row.approved,
      conflict: await this.conflict(row.conflict),
      device: row.device,
      deviceName: author.deviceName,
      user: author.userName,
      at: row.at,
    };
  }

  /** A node as it stands now, told as if its last change were all that ever happened to it. Never the root. */
  async ofState({ node, head }: NodeState): Promise<JournalEvent> {
    const byHead = head !== null && head.version.seq > node.entrySeq;
    const device = byHead ? head.version.device : node.entryDevice;
    if (device === null) throw new Error(`node ${node.id} has no author`);
    return this.ofJournal({
      seq: Math.max(node.entrySeq, node.headSeq),
      node,
      cause: causeOf(node, byHead, node.conflict),
      head,
      subtree: null,
      revivedBatch: null,
      approved: false,
      conflict: node.conflict,
      device,
      at: byHead ? head.version.at : node.entryAt,
    });
  }

  /** The present state of some nodes; the root and unknown ones are left out. */
  async ofNodes(ids: Iterable<NodeId>): Promise<JournalEvent[]> {
    const events: JournalEvent[] = [];
    for (const id of ids) {
      const state = id === ROOT_NODE ? null : await this.#tx.state(this.#ns, id);
      if (state !== null) events.push(await this.ofState(state));
    }
    return events;
  }

  async head({ version, encoded }: HeadRow): Promise<WireHead> {
    const author = await this.author(version.device);
    return {
      version: version.id,
      number: version.number,
      base: version.base,
      content: contentOf(version.content, encoded),
      mtimeNs: version.mtimeNs,
      seq: version.seq,
      device: version.device,
      deviceName: author.deviceName,
      user: author.userName,
      at: version.at,
      editedAt: version.editedAt,
    };
  }

  async conflict(id: ConflictId | null): Promise<WireConflict | null> {
    const row = id === null ? null : await this.#tx.conflict(this.#ns, id);
    return row === null ? null : this.ofConflict(row);
  }

  async ofConflict(row: ConflictRow): Promise<WireConflict> {
    const { originalPath, copyPath, settlement, ...rest } = row;
    const author = await this.author(row.device);
    const ancestor = row.ancestor === null ? null : await this.#tx.version(this.#ns, row.ancestor);
    return {
      ...rest,
      device: author.deviceName,
      user: author.userName,
      sides: {
        original: await this.side(row.originalVersion, originalPath),
        copy: await this.side(row.copyVersion, copyPath),
        ancestor: ancestor?.number ?? null,
      },
      settled: await this.settled(row),
    };
  }

  private async side(id: VersionId | null, path: string | null): Promise<WireSide | null> {
    const version = id === null ? null : await this.#tx.version(this.#ns, id);
    if (version === null) return null;
    const author = await this.author(version.device);
    return {
      path,
      number: version.number,
      content: contentOf(version.content, null),
      deviceId: version.device,
      device: author.deviceName,
      user: author.userName,
      at: version.at,
      editedAt: version.editedAt,
    };
  }

  private async settled({ settlement }: ConflictRow): Promise<WireConflict['settled']> {
    if (settlement === null) return null;
    const { deviceName, userName } = await this.author(settlement.device);
    const { at, made } = settlement;
    return { device: deviceName, user: userName, at, made, undoable: true };
  }

  async author(device: DeviceId): Promise<Author> {
    const known = this.#authors.get(device);
    if (known !== undefined) return known;
    const author = await this.#tx.author(device);
    this.#authors.set(device, author);
    return author;
  }
}

export function entryOf(node: NodePost): WireEntry {
  return {
    parent: node.parent,
    name: node.name,
    live: node.live,
    rev: node.rev,
    seq: node.entrySeq,
    deadSeq: node.deadSeq,
    successor: node.successor,
  };
}

function contentOf(content: HeadRow['version']['content'], encoded: Uint8Array | null): VersionContent {
  if (content.kind === 'symlink') return content;
  const rides = encoded !== null && encoded.length <= LIMITS.inlineManifestBytes;
  return { ...content, encoded: rides ? Buffer.from(encoded).toString('base64') : null };
}

function causeOf(node: NodePost, byHead: boolean, conflict: ConflictId | null): EventCause {
  if (!node.live) return 'delete';
  if (byHead) return 'edit';
  if (node.rev > 1) return 'move';
  return conflict === null ? 'create' : 'fork';
}
