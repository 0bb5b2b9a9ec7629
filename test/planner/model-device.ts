/**
 * A device of the model: trees, disk, and the loop. Each step does one thing that the engine does (fold some journal,
 * plan and start, deliver a batch, finish a download), so that a schedule can put anything between any two of them.
 */
import { decide } from '../../src/core/planner/decide.ts';
import type { ClaimIntent, ContentIntent, StructureIntent } from '../../src/core/planner/intents.ts';
import { plan, printPlan } from '../../src/core/planner/plan.ts';
import type { RemoteHead } from '../../src/core/tree/nodes.ts';
import { type Content, sameContent } from '../../src/protocol/content.ts';
import { type NodeId, parseNodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Stream } from '../simulation/random.ts';
import { id, type LocalNode, labelOf, MemoryTrees, tokenOf } from './memory-trees.ts';
import { applyTreeIntent, claimFor, type Desk, type SentClaim, settle } from './model-answers.ts';
import type { Claim } from './model-claims.ts';
import { fold } from './model-fold.ts';
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

export class ModelDevice implements Desk {
  readonly trees = new MemoryTrees();
  /** What files really hold, whether it was hashed yet or not. */
  readonly disk = new Map<NodeId, Content>();
  readonly trash = new Set<string>();
  readonly number: number;
  /** Everything planned, for comparing runs. */
  readonly log: string[] = [];
  private readonly told: boolean;
  private readonly server: ModelServer;
  private cursor = 0;
  private nextKey = 1;
  private made = 0;
  private stamps = 0;
  private shape: SentClaim[] = [];
  private queue: ClaimIntent[] = [];
  private readonly uploads: SentClaim[][] = [];
  private readonly downloads: Download[] = [];
  /** Keys that were sent at least once. */
  private readonly tried = new Set<number>();
  private readonly abandoned = new Map<NodeId, number[]>();

  constructor(number: number, server: ModelServer, told: boolean) {
    this.number = number;
    this.told = told;
    this.server = server;
    this.trees.cursorSeq = 0;
  }

  // --- identity ------------------------------------------------------------------------------------------------

  freshId(): NodeId {
    this.made += 1;
    return id(`${'abcdefgh'[this.number]}${this.made}`);
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

  get lastPlan(): string {
    return this.log.at(-1)?.replaceAll('\n', '; ') ?? '';
  }

  abandonedKeys(node: NodeId): readonly number[] {
    return this.abandoned.get(node) ?? [];
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

  // --- the loop ------------------------------------------------------------------------------------------------

  /** Reads up to `most` journal rows. */
  pull(most: number): boolean {
    const from = this.cursor;
    for (let count = 0; this.cursor < this.server.seq; count += 1) {
      const event = this.server.journal[this.cursor]!;
      const last = this.server.journal[this.cursor - 1];
      if (count >= most && !last?.more) break;
      fold(this.trees, event);
      this.cursor += 1;
    }
    this.trees.cursorSeq = this.cursor;
    return this.cursor > from;
  }

  /** Plans for what differs, starts some of it. False: there is nothing to do now. */
  step(random: Stream, weather: Weather, all: boolean): boolean {
    const nodes = shuffled(this.trees.differing(), random);
    const planned = plan(this.trees, nodes);
    if (this.told) this.log.push(withLabels(printPlan(planned)));
    if (planned.trees.length > 0) {
      for (const intent of planned.trees) applyTreeIntent(this, intent);
      return true;
    }
    const some = <T>(intents: readonly T[]) =>
      all ? intents : intents.slice(0, random.below(intents.length + 1));
    let begun = false;
    for (const intent of some(planned.structure)) begun = this.structure(intent, random, weather) || begun;
    for (const intent of some(shuffled(planned.contents, random))) begun = this.begin(intent) || begun;
    begun = this.send(some(planned.claims), random) || begun;
    return begun;
  }

  private send(claims: readonly ClaimIntent[], random: Stream): boolean {
    const contents = claims.filter((each) => this.carriesContent(each));
    const shape = claims.filter((each) => !this.carriesContent(each));
    for (const node of claims.flatMap(nodesOf)) this.trees.flying.add(node);
    for (const intent of contents) {
      if (random.chance(0.5) || this.uploads.length === 0) this.uploads.push([]);
      const batch = random.pick(this.uploads);
      const sent = this.draft(intent);
      if (sent) batch.push(sent);
      else this.trees.flying.delete(intent.node);
    }
    this.queue.push(...shape);
    return claims.length > 0;
  }

  private carriesContent(intent: ClaimIntent): boolean {
    return (
      intent.kind === 'edit' || (intent.kind === 'create' && this.trees.local(intent.node)?.kind !== 'folder')
    );
  }

  private draft(intent: ClaimIntent): SentClaim | null {
    const claim = claimFor(this, intent, this.nextKey);
    if (!claim) return null;
    this.nextKey += 1;
    for (const slot of slotsOf(claim)) this.trees.claimed.add(slot);
    return { claim, stamp: this.trees.local(intent.node)?.stamp ?? '' };
  }

  /** What waited in the lane is decided again when its turn comes. If one is off, so is the order of those behind it. */
  private fillShape(random: Stream, all: boolean): void {
    for (let left = all ? this.queue.length : 1 + random.below(this.queue.length); left > 0; left -= 1) {
      const intent = this.queue.shift()!;
      for (const node of nodesOf(intent)) this.trees.flying.delete(node);
      const sent = this.isWanted(intent) ? this.draft(intent) : null;
      if (!sent) {
        for (const node of this.queue.splice(0).flatMap(nodesOf)) this.trees.flying.delete(node);
        return;
      }
      for (const node of nodesOf(intent)) this.trees.flying.add(node);
      this.shape.push(sent);
    }
  }

  private isWanted(intent: ClaimIntent): boolean {
    return intent.kind === 'rearrange' || decide(this.trees, intent.node).kind === intent.kind;
  }

  /** Sends one batch once: it, or its answer, may get lost. */
  deliver(random: Stream, weather: Weather, all: boolean): boolean {
    const waited = this.queue.length > 0;
    if (this.shape.length === 0 && waited) this.fillShape(random, all);
    const batches = this.uploads.filter((batch) => batch.length > 0);
    if (this.shape.length > 0) batches.push(this.shape);
    if (batches.length === 0) return waited;
    const batch = random.pick(batches);
    if (batch !== this.shape) this.withdrawChanged(batch, random);
    for (const { claim } of batch) this.tried.add(claim.key);
    if (random.chance(weather.lostRequests)) return true;
    const outcomes = batch.map((sent) => this.server.answer(this.number, sent.claim));
    if (random.chance(weather.lostReplies)) return true;
    // Answers count in the order of the journal: what lies before them is read first.
    const told = Math.max(0, ...outcomes.flatMap((outcome) => outcome.events.map((event) => event.seq)));
    this.pull(told - this.cursor);
    batch.forEach((sent, i) => {
      settle(this, sent, outcomes[i]!);
      this.abandoned.delete(sent.claim.node);
      this.letGo(sent);
    });
    batch.length = 0;
    return true;
  }

  /**
   * The file changed while its bytes were on the way: that claim is given up, the next one names its key. Not so a
   * creation that may have happened: were the file deleted now, nothing would ever name it.
   */
  private withdrawChanged(batch: SentClaim[], random: Stream): void {
    for (let at = batch.length - 1; at >= 0; at -= 1) {
      const sent = batch[at]!;
      const { node, key, op } = sent.claim;
      if (
        this.trees.local(node)?.stamp === sent.stamp ||
        (op === 'create' && this.tried.has(key)) ||
        random.chance(0.5)
      )
        continue;
      this.abandoned.set(node, [...this.abandonedKeys(node), key]);
      batch.splice(at, 1);
      this.letGo(sent);
    }
  }

  private letGo({ claim }: SentClaim): void {
    this.trees.flying.delete(claim.node);
    for (const slot of slotsOf(claim)) this.trees.claimed.delete(slot);
    if (claim.op === 'rearrange') for (const step of claim.steps) this.trees.flying.delete(step.node);
  }

  get idle(): boolean {
    return (
      this.queue.length === 0 &&
      this.shape.length === 0 &&
      this.downloads.length === 0 &&
      this.uploads.every((batch) => batch.length === 0)
    );
  }

  // --- disk ----------------------------------------------------------------------------------------------------

  private structure(intent: StructureIntent, random: Stream, weather: Weather): boolean {
    const { trees } = this;
    if (random.chance(weather.failures)) {
      trees.deferred.add(intent.node);
      return true;
    }
    const { node } = intent;
    const local = trees.local(node);
    const target = this.target(node);
    switch (intent.kind) {
      case 'make-folder':
        if (!target || local) return false;
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
        this.vanish(node);
        return true;
    }
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

  private appear(
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

  private begin(intent: ContentIntent): boolean {
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
    this.trees.synceds.put({ ...base, version: head.version, content: head.content, stamp });
  }
}

export function shuffled<T>(items: readonly T[], random: Stream): T[] {
  const out = [...items];
  for (let at = out.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [out[at], out[other]] = [out[other]!, out[at]!];
  }
  return out;
}

/** All nodes that a claim is about: those of a rearrangement from the moment it is planned. */
function nodesOf(intent: ClaimIntent): NodeId[] {
  return intent.kind === 'rearrange' ? intent.steps.map((step) => step.node) : [intent.node];
}

function slotsOf(claim: Claim): string[] {
  if (claim.op === 'create' || claim.op === 'move') return [`${claim.parent}/${claim.name}`];
  return claim.op === 'rearrange'
    ? claim.steps.flatMap((step) => (step.op === 'move' ? [`${step.parent}/${step.name}`] : []))
    : [];
}

function withLabels(text: string): string {
  const label = (hex: string): string => labelOf(parseNodeId(`11111111-1111-7111-8111-000000${hex}`));
  return text.replaceAll(/(?<= )[0-9a-f]{6}(?=:)/g, label);
}
