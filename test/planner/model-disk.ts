/** The disk of a device of the model, and what our operations do to it: each looks first, as the engine's do. */
import type { ContentIntent, StructureIntent } from '../../src/core/planner/intents.ts';
import type { RemoteHead } from '../../src/core/tree/nodes.ts';
import { type Content, sameContent } from '../../src/protocol/content.ts';
import { type NodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Stream } from '../simulation/random.ts';
import { type LocalNode, labelOf, MemoryTrees, tokenOf } from './memory-trees.ts';
import type { ModelServer } from './model-server.ts';

/** How unkind the world is to the device: shares of messages lost and operations failing. */
export interface Weather {
  readonly lostRequests: number;
  readonly lostReplies: number;
  readonly failures: number;
}
export const FAIR: Weather = { lostRequests: 0, lostReplies: 0, failures: 0 };

interface Download {
  readonly intent: ContentIntent;
  readonly head: RemoteHead | null;
}

export class ModelDisk {
  readonly trees = new MemoryTrees();
  /** What files really hold, whether it was hashed yet or not. */
  readonly disk = new Map<NodeId, Content>();
  readonly trash = new Set<string>();
  /** How often each kind of thing was done: claims that were answered, operations on disk, contents that were moved. */
  readonly tally = new Map<string, number>();
  protected readonly server: ModelServer;
  protected readonly downloads: Download[] = [];
  private stamps = 0;

  constructor(server: ModelServer) {
    this.server = server;
  }

  freshStamp(): string {
    this.stamps += 1;
    return `t${this.stamps}`;
  }

  rename(from: NodeId, to: NodeId): void {
    this.trees.renameLocal(from, to);
    const content = this.disk.get(from);
    this.disk.delete(from);
    if (content) this.disk.set(to, content);
  }

  count(what: string, times = 1): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + times);
  }

  /** Can the user see (and our operations reach) the node at its place? */
  reachable(node: NodeId): boolean {
    for (let at = node; at !== ROOT_NODE; ) {
      const row = this.trees.local(at);
      if (!row || row.parked) return false;
      at = row.parent;
    }
    return true;
  }

  // --- operations ----------------------------------------------------------------------------------------------

  protected structure(intent: StructureIntent, random: Stream, weather: Weather): boolean {
    const { trees } = this;
    if (random.chance(weather.failures)) {
      trees.deferred.add(intent.node);
      return true;
    }
    const done = this.rearrangeDisk(intent);
    if (done) this.count(intent.kind);
    return done;
  }

  private rearrangeDisk(intent: StructureIntent): boolean {
    const { trees } = this;
    const { node } = intent;
    const local = trees.local(node);
    const target = this.target(node);
    switch (intent.kind) {
      case 'make-folder':
        if (!target || local || trees.localAt(target.parent, target.name)) return false;
        this.appear(node, 'folder', target, null, null);
        return true;
      case 'move-here':
        if (!target || !local || (!local.parked && !this.reachable(node)) || this.below(target.parent, node))
          return false;
        if (
          trees.localAt(target.parent, target.name) &&
          trees.localAt(target.parent, target.name)?.node !== node
        )
          return false;
        this.moveHere(local, target);
        return true;
      case 'park':
        if (!local || !this.reachable(node)) return false;
        // It stands nowhere now: what becomes of its old folder is no concern of it.
        trees.locals.put({ ...local, parent: ROOT_NODE, name: `parked ${labelOf(node)}`, parked: true });
        return true;
      case 'unpark':
        if (
          !local?.parked ||
          !this.reachable(intent.at.parent) ||
          trees.localAt(intent.at.parent, intent.at.name)
        )
          return false;
        this.moveHere(local, { ...intent.at, entryRev: trees.synced(node)?.entryRev ?? 0 });
        return true;
      case 'trash':
        if (!local || !this.reachable(node) || local.stamp !== trees.synced(node)?.stamp) return false;
        this.trash.add(tokenOf(this.disk.get(node) ?? null));
        this.vanish(node);
        return true;
      case 'remove-folder':
        if (!local || !this.reachable(node) || trees.hasLocalChildren(node)) return false;
        if (trees.localChildren(node).length > 0) this.leaveOver(local);
        else this.vanish(node);
        return true;
    }
  }

  /** Only what a rule leaves out remains in it: it stays, as none of ours. */
  private leaveOver(local: LocalNode): void {
    this.count('leave over');
    this.trees.locals.put({ ...local, condition: 'leftover' });
    this.trees.synceds.remove(local.node);
  }

  private target(
    node: NodeId,
  ): { readonly parent: NodeId; readonly name: string; readonly entryRev: number } | null {
    const remote = this.trees.remote(node);
    if (!remote?.live || this.trees.local(remote.parent)?.kind !== 'folder' || !this.reachable(remote.parent))
      return null;
    return remote;
  }

  private below(at: NodeId, node: NodeId): boolean {
    for (; at !== ROOT_NODE; at = this.trees.local(at)!.parent) if (at === node) return true;
    return false;
  }

  private moveHere(
    local: LocalNode,
    target: { readonly parent: NodeId; readonly name: string; readonly entryRev: number },
  ): void {
    const base = this.trees.synced(local.node);
    const stamp = this.freshStamp();
    const { parent, name, entryRev } = target;
    this.trees.locals.put({ ...local, parent, name, stamp, parked: false });
    if (!base) throw new Error('moved a node without a base');
    this.trees.synceds.put({
      ...base,
      parent,
      name,
      entryRev,
      stamp: base.stamp === local.stamp ? stamp : base.stamp,
    });
  }

  private vanish(node: NodeId): void {
    this.trees.locals.remove(node);
    this.trees.synceds.remove(node);
    this.disk.delete(node);
  }

  protected appear(
    node: NodeId,
    kind: LocalNode['kind'],
    { parent, name, entryRev }: { parent: NodeId; name: string; entryRev: number },
    content: Content | null,
    head: RemoteHead | null,
  ): void {
    const stamp = this.freshStamp();
    this.trees.locals.put({
      node,
      kind,
      parent,
      name,
      condition: 'seen',
      content,
      mtimeNs: 0n,
      size: 0,
      stamp,
      parked: false,
    });
    this.trees.synceds.put({
      node,
      kind,
      parent,
      name,
      entryRev,
      version: head?.version ?? null,
      content,
      stamp,
    });
    if (content) this.disk.set(node, content);
  }

  protected beginContent(intent: ContentIntent): boolean {
    this.trees.flying.add(intent.node);
    this.downloads.push({ intent, head: this.trees.remote(intent.node)?.head ?? null });
    return true;
  }

  /** Finishes a hash or a download that was begun. */
  finish(random: Stream, weather: Weather): boolean {
    if (this.downloads.length === 0) return false;
    const { intent, head } = this.downloads.splice(random.below(this.downloads.length), 1)[0]!;
    const { node } = intent;
    this.trees.flying.delete(node);
    if (random.chance(weather.failures)) {
      this.trees.deferred.add(node);
      return true;
    }
    this.count(intent.kind);
    if (intent.kind === 'hash') this.hash(node);
    else if (intent.kind === 'fetch') this.fetch(node, head);
    else this.replace(node, head);
    return true;
  }

  private hash(node: NodeId): void {
    const local = this.trees.local(node);
    if (local && local.kind !== 'folder')
      this.trees.locals.put({ ...local, content: this.disk.get(node) ?? null });
  }

  private fetch(node: NodeId, head: RemoteHead | null): void {
    const target = this.target(node);
    const kind = this.trees.remote(node)?.kind;
    if (!target || !head || !kind || this.trees.local(node) || this.trees.localAt(target.parent, target.name))
      return;
    this.appear(node, kind, target, head.content, head);
  }

  private replace(node: NodeId, head: RemoteHead | null): void {
    const local = this.trees.local(node);
    const base = this.trees.synced(node);
    if (!local || !base || !head || !this.reachable(node) || local.stamp !== base.stamp) return;
    const old = this.server.numberOf(node, base.version);
    if (!sameContent(this.disk.get(node) ?? null, base.content))
      throw new Error('replaced bytes that were not the synced ones');
    if (old !== null && head.number <= old)
      throw new Error(`a path stepped back from V${old} to V${head.number}`);
    const stamp = this.freshStamp();
    this.disk.set(node, head.content);
    this.trees.locals.put({ ...local, content: head.content, stamp });
    this.trees.synceds.put({ ...base, version: head.version, content: head.content, stamp, lent: null });
  }
}
