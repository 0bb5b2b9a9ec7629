/**
 * The namespace as its journal tells it, folded by code of its own: what the server believes, without asking the
 * engine. Also every version that was ever a head, with its place in the line, and every place a node ever had.
 */
import type { Content } from '../../src/protocol/content.ts';
import type { WireHead } from '../../src/protocol/head.ts';
import { type NodeId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';
import type { JournalEvent, WireConflict } from '../../src/protocol/journal.ts';
import { type ContentName, nameOfLink } from './ledger.ts';

export interface FoldedNode {
  readonly node: NodeId;
  readonly kind: JournalEvent['kind'];
  parent: NodeId;
  name: string;
  live: boolean;
  deadSeq: number | null;
  head: WireHead | null;
  /** Every place and life it had, oldest first, with the seq from which on. */
  readonly places: PlaceThen[];
  /** Every version that was its head, oldest first. */
  readonly heads: { readonly seq: number; readonly version: VersionId }[];
}

export interface PlaceThen {
  readonly seq: number;
  readonly parent: NodeId;
  readonly name: string;
  readonly live: boolean;
}

export interface FoldedVersion {
  readonly id: VersionId;
  readonly node: NodeId;
  readonly number: number;
  readonly base: VersionId | null;
  readonly content: ContentName;
  readonly executable: boolean;
  readonly seq: number;
  readonly device: string;
  readonly deviceName: string;
}

export function contentNameOf(content: Content): ContentName {
  return content.kind === 'file' ? content.manifest : nameOfLink(content.target);
}

export class ServerFold {
  readonly nodes = new Map<NodeId, FoldedNode>();
  readonly versions = new Map<VersionId, FoldedVersion>();
  /** The journal itself, from the row after `start` on. */
  readonly rows: JournalEvent[] = [];
  readonly conflicts = new Map<string, WireConflict>();
  /** Seq of the state that this fold began with: 0, or that of a snapshot. */
  readonly start: number;
  seq: number;
  /** What no honest journal does. */
  readonly faults: string[] = [];

  constructor(start = 0) {
    this.start = start;
    this.seq = start;
  }

  apply(event: JournalEvent): void {
    if (event.seq !== this.seq + 1) this.#fault(`I6 journal: seq ${event.seq} follows ${this.seq}`);
    this.seq = event.seq;
    this.rows.push(event);
    const parent = event.entry.parent ?? ROOT_NODE;
    if (parent !== ROOT_NODE && !this.nodes.has(parent)) {
      this.#fault(`I6 journal: ${event.node} at ${event.seq} comes before its parent`);
    }
    this.#checkHead(event);
    this.put(event);
    if (event.subtree === 'dead')
      this.#below(event.node, (each) => each.live, { live: false, deadSeq: event.seq }, event.seq);
    if (event.subtree === 'revived') {
      const inBatch = (each: FoldedNode) => each.deadSeq === event.revivedBatch;
      this.#below(event.node, inBatch, { live: true, deadSeq: null }, event.seq);
    }
  }

  /** Takes a post-state over, be it of a journal row or of a snapshot. */
  put(event: JournalEvent): void {
    const { node: id, kind, entry } = event;
    const old = this.nodes.get(id);
    const state: FoldedNode = {
      node: id,
      kind,
      parent: entry.parent ?? ROOT_NODE,
      name: entry.name,
      live: entry.live,
      deadSeq: entry.deadSeq,
      head: event.head ?? old?.head ?? null,
      places: old?.places ?? [],
      heads: old?.heads ?? [],
    };
    this.nodes.set(id, state);
    notePlace(state, entry.seq);
    if (event.head !== null) {
      this.noteVersion(id, event.head);
      if (state.heads.at(-1)?.version !== event.head.version)
        state.heads.push({ seq: event.head.seq, version: event.head.version });
    }
    if (event.conflict !== null) this.conflicts.set(event.conflict.id, event.conflict);
  }

  /** Path of a live node, or `null` when something above it is not. */
  pathOf(node: NodeId): string | null {
    const parts: string[] = [];
    for (let at = this.nodes.get(node), hops = 0; ; hops += 1) {
      if (at === undefined || !at.live || hops > 1000) return null;
      parts.unshift(at.name);
      if (at.parent === ROOT_NODE) return parts.join('/');
      at = this.nodes.get(at.parent);
    }
  }

  /** Every live path with its kind, content and executable bit, comparable with a disk. */
  tree(): Map<string, string> {
    const tree = new Map<string, string>();
    for (const node of this.nodes.values()) {
      const path = node.live && node.node !== ROOT_NODE ? this.pathOf(node.node) : null;
      if (path !== null) tree.set(path, shapeOf(node.kind, node.head));
    }
    return tree;
  }

  liveAt(path: string): FoldedNode | undefined {
    return [...this.nodes.values()].find((node) => node.live && this.pathOf(node.node) === path);
  }

  /** Of one node, newest first. */
  versionsOf(node: NodeId): FoldedVersion[] {
    return [...this.versions.values()]
      .filter((each) => each.node === node)
      .sort((a, b) => b.number - a.number);
  }

  contents(): Set<ContentName> {
    return new Set([...this.versions.values()].map((version) => version.content));
  }

  /** A version never changes once it is there (I3). */
  noteVersion(node: NodeId, head: WireHead): void {
    const version: FoldedVersion = {
      id: head.version,
      node,
      number: head.number,
      base: head.base,
      content: contentNameOf(head.content),
      executable: head.content.kind === 'file' && head.content.executable,
      seq: head.seq,
      device: head.device,
      deviceName: head.deviceName,
    };
    const known = this.versions.get(head.version);
    if (known === undefined) this.versions.set(head.version, version);
    else if (JSON.stringify(known) !== JSON.stringify(version)) {
      this.#fault(`I3 ${head.version} of ${node} is told differently: ${JSON.stringify([known, version])}`);
    }
  }

  /** A head is followed by a version made from it, and by nothing else (I3). */
  #checkHead({ node, head, seq }: JournalEvent): void {
    const before = this.nodes.get(node)?.head ?? null;
    if (before === null || head?.version === before.version) return;
    if (head === null) this.#fault(`I3 ${node} has no head at ${seq}, and had V${before.number}`);
    else if (head.base !== before.version || head.number !== before.number + 1) {
      const line = `V${head.number} from ${head.base} follows V${before.number} (${before.version})`;
      this.#fault(`I3 the line of ${node} breaks at ${seq}: ${line}`);
    }
  }

  #below(
    top: NodeId,
    counts: (node: FoldedNode) => boolean,
    change: Pick<FoldedNode, 'live' | 'deadSeq'>,
    seq: number,
  ): void {
    for (const child of [...this.nodes.values()]) {
      if (child.parent !== top || child.node === top || !counts(child)) continue;
      Object.assign(child, change);
      notePlace(child, seq);
      this.#below(child.node, counts, change, seq);
    }
  }

  #fault(sentence: string): void {
    this.faults.push(sentence);
  }
}

function notePlace(node: FoldedNode, seq: number): void {
  const { parent, name, live } = node;
  const last = node.places.at(-1);
  if (last?.parent === parent && last.name === name && last.live === live && last.seq === seq) return;
  node.places.push({ seq, parent, name, live });
}

export function shapeOf(kind: JournalEvent['kind'], head: WireHead | null): string {
  if (kind === 'folder') return 'folder';
  if (head === null) return `${kind} without content`;
  const executable = head.content.kind === 'file' && head.content.executable ? ' executable' : '';
  return `${contentNameOf(head.content)}${executable}`;
}
