/**
 * The namespace as its journal tells it, folded by code of its own: what the server believes, without asking the
 * engine. Also every version that was ever a head, with its place in the line.
 */
import type { Content } from '../../src/protocol/content.ts';
import type { WireHead } from '../../src/protocol/head.ts';
import { type NodeId, ROOT_NODE, type VersionId } from '../../src/protocol/ids.ts';
import type { JournalEvent } from '../../src/protocol/journal.ts';
import { type ContentName, nameOfLink } from './ledger.ts';

export interface FoldedNode {
  readonly node: NodeId;
  readonly kind: JournalEvent['kind'];
  parent: NodeId;
  name: string;
  live: boolean;
  deadSeq: number | null;
  head: WireHead | null;
}

export interface FoldedVersion {
  readonly id: VersionId;
  readonly node: NodeId;
  readonly number: number;
  readonly base: VersionId | null;
  readonly content: ContentName;
  readonly executable: boolean;
}

export function contentNameOf(content: Content): ContentName {
  return content.kind === 'file' ? content.manifest : nameOfLink(content.target);
}

export class ServerFold {
  readonly nodes = new Map<NodeId, FoldedNode>();
  readonly versions = new Map<VersionId, FoldedVersion>();
  seq = 0;
  /** What no honest journal does. */
  readonly faults: string[] = [];

  apply(event: JournalEvent): void {
    if (event.seq !== this.seq + 1) this.faults.push(`I6 journal: seq ${event.seq} follows ${this.seq}`);
    this.seq = event.seq;
    const parent = event.entry.parent ?? ROOT_NODE;
    if (parent !== ROOT_NODE && !this.nodes.has(parent)) {
      this.faults.push(`I6 journal: ${event.node} at ${event.seq} comes before its parent`);
    }
    const node = this.nodes.get(event.node);
    const state: FoldedNode = {
      node: event.node,
      kind: event.kind,
      parent,
      name: event.entry.name,
      live: event.entry.live,
      deadSeq: event.entry.deadSeq,
      head: event.head ?? node?.head ?? null,
    };
    this.nodes.set(event.node, state);
    if (event.head !== null) this.#noteVersion(event.node, event.head);
    if (event.subtree === 'dead')
      this.#below(event.node, (each) => each.live, { live: false, deadSeq: event.seq });
    if (event.subtree === 'revived') {
      this.#below(event.node, (each) => each.deadSeq === event.revivedBatch, { live: true, deadSeq: null });
    }
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
      if (!node.live || node.node === ROOT_NODE) continue;
      const path = this.pathOf(node.node);
      if (path === null) this.faults.push(`I8 ${node.name} lives, and something above it does not`);
      else if (tree.has(path)) this.faults.push(`I8 two nodes stand at ${path}`);
      else tree.set(path, shapeOf(node.kind, node.head));
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

  #noteVersion(node: NodeId, head: WireHead): void {
    if (this.versions.has(head.version)) return;
    const content = contentNameOf(head.content);
    const executable = head.content.kind === 'file' && head.content.executable;
    for (const other of this.versions.values()) {
      if (other.node === node && other.base !== null && other.base === head.base) {
        this.faults.push(`I3 two versions of ${node} follow ${head.base}`);
      }
    }
    this.versions.set(head.version, {
      id: head.version,
      node,
      number: head.number,
      base: head.base,
      content,
      executable,
    });
  }

  #below(
    top: NodeId,
    counts: (node: FoldedNode) => boolean,
    change: Pick<FoldedNode, 'live' | 'deadSeq'>,
  ): void {
    for (const child of [...this.nodes.values()]) {
      if (child.parent !== top || child.node === top || !counts(child)) continue;
      Object.assign(child, change);
      this.#below(child.node, counts, change);
    }
  }
}

export function shapeOf(kind: JournalEvent['kind'], head: WireHead | null): string {
  if (kind === 'folder') return 'folder';
  if (head === null) return `${kind} without content`;
  const executable = head.content.kind === 'file' && head.content.executable ? ' executable' : '';
  return `${contentNameOf(head.content)}${executable}`;
}
