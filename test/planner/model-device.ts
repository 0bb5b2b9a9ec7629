/**
 * A device of the model: trees, disk, and the loop. Each step does one thing that the engine does (fold some journal,
 * plan and start, deliver a batch, finish a download), so that a schedule can put anything between any two of them.
 */
import { decide } from '../../src/core/planner/decide.ts';
import type { ClaimIntent, Intent } from '../../src/core/planner/intents.ts';
import { type Plan, plan, printPlan } from '../../src/core/planner/plan.ts';
import type { TreeView } from '../../src/core/tree/view.ts';
import { type NodeId, parseNodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { Stream } from '../simulation/random.ts';
import { id, labelOf } from './memory-trees.ts';
import { applyTreeIntent, claimFor, type Desk, type SentClaim, settle } from './model-answers.ts';
import type { Claim } from './model-claims.ts';
import { ModelDisk, type Weather } from './model-disk.ts';
import { fold, put } from './model-fold.ts';
import type { ModelServer } from './model-server.ts';

/** What is tested: the planner, or one that is broken on purpose. */
export interface Planner {
  readonly plan: (view: TreeView, nodes: Iterable<NodeId>) => Plan;
  readonly decide: (view: TreeView, node: NodeId) => Intent;
}
export const PLANNER: Planner = { plan, decide };

/** What else a device's world wants to know and to decide. */
export interface Setting {
  readonly told: boolean;
  readonly planner: Planner;
  /** Operations of one batch on disk happen in any order. */
  readonly disorderly: boolean;
  /** Hears of every plan. */
  readonly planned: (device: ModelDevice, plan: Plan) => void;
}

export class ModelDevice extends ModelDisk implements Desk {
  readonly number: number;
  /** Everything planned, for comparing runs. */
  readonly log: string[] = [];
  private readonly setting: Setting;
  private cursor = 0;
  private forgotten = 0;
  private nextKey = 1;
  private made = 0;
  private shape: SentClaim[] = [];
  private queue: ClaimIntent[] = [];
  private uploads: SentClaim[][] = [];
  /** Keys that were sent at least once. */
  private readonly tried = new Set<number>();
  private readonly abandoned = new Map<NodeId, number[]>();

  constructor(number: number, server: ModelServer, setting: Setting) {
    super(server);
    this.number = number;
    this.setting = setting;
    this.trees.cursorSeq = 0;
  }

  // --- identity ------------------------------------------------------------------------------------------------

  freshId(): NodeId {
    this.made += 1;
    return id(`${'abcdefgh'[this.number]}${this.made}`);
  }

  get lastPlan(): string {
    return this.log.at(-1)?.replaceAll('\n', '; ') ?? '';
  }

  abandonedKeys(node: NodeId): readonly number[] {
    return this.abandoned.get(node) ?? [];
  }

  /** Everything that the server has stands here, agreed on: as it is after a first synchronisation. */
  plant(): void {
    this.pull(Number.POSITIVE_INFINITY);
    for (const row of this.server.nodes.all()) {
      const { node, kind, parent, name } = row;
      if (node === ROOT_NODE || !this.trees.local(parent) || this.trees.localAt(parent, name)) continue;
      const head = row.line.at(-1) ?? null;
      this.appear(node, kind, { parent, name, entryRev: row.rev }, head?.content ?? null, head);
    }
  }

  // --- the loop ------------------------------------------------------------------------------------------------

  /** Reads up to `most` journal rows; or everything anew, when what it has not read is forgotten. */
  pull(most: number): boolean {
    const from = this.cursor;
    if (this.forgotten < this.server.forgotten) {
      this.forgotten = this.server.forgotten;
      this.trees.remotes.clear();
      for (const event of this.server.snapshot()) put(this.trees, event);
      this.cursor = this.server.seq;
      this.trees.cursorSeq = this.cursor;
      return true;
    }
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
    this.releaseAnswered();
    const differing = this.trees.differing();
    if (differing.length === 0) return false;
    const planned = this.setting.planner.plan(this.trees, shuffled(differing, random));
    if (this.setting.told) this.log.push(withLabels(printPlan(planned)));
    this.setting.planned(this, planned);
    for (const { node } of planned.reviews) this.trees.held.add(node);
    const corrects = planned.trees.length > 0;
    for (const intent of shuffled(planned.trees, random)) applyTreeIntent(this, intent);
    // What was planned beside the corrections may be begun as well.
    if (corrects && random.chance(0.5)) return true;
    return this.begin(planned, random, weather, all) || corrects;
  }

  private begin(planned: Plan, random: Stream, weather: Weather, all: boolean): boolean {
    const some = <T>(intents: readonly T[]) =>
      all || intents.length === 0 ? intents : intents.slice(0, random.below(intents.length + 1));
    let begun = false;
    const structure = this.setting.disorderly ? shuffled(planned.structure, random) : planned.structure;
    for (const intent of some(structure)) begun = this.structure(intent, random, weather) || begun;
    for (const intent of some(shuffled(planned.contents, random))) begun = this.beginContent(intent) || begun;
    return this.send(some(planned.claims), random) || begun;
  }

  /** What was asked about has answered itself. */
  private releaseAnswered(): void {
    for (const node of this.trees.held)
      if (!this.trees.local(node) || this.trees.remote(node)) this.trees.held.delete(node);
  }

  private send(claims: readonly ClaimIntent[], random: Stream): boolean {
    if (claims.length === 0) return false;
    const contents = claims.filter((each) => this.carriesContent(each));
    const shape = claims.filter((each) => !this.carriesContent(each));
    for (const node of claims.flatMap(nodesOf)) this.trees.flying.add(node);
    this.uploads = this.uploads.filter((batch) => batch.length > 0);
    for (const intent of contents) {
      if (random.chance(0.5) || this.uploads.length === 0) this.uploads.push([]);
      const batch = random.pick(this.uploads);
      const sent = this.draft(intent);
      if (sent) batch.push(sent);
      else this.trees.flying.delete(intent.node);
    }
    this.queue.push(...shape);
    return true;
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
    return (
      intent.kind === 'rearrange' || this.setting.planner.decide(this.trees, intent.node).kind === intent.kind
    );
  }

  /** Sends one batch once: it, or its answer, may get lost. */
  deliver(random: Stream, weather: Weather, all: boolean): boolean {
    const waited = this.queue.length > 0;
    if (this.shape.length === 0 && waited) this.fillShape(random, all);
    const batches = this.uploads.filter((batch) => batch.length > 0);
    if (this.shape.length > 0) batches.push(this.shape);
    if (batches.length === 0) return waited;
    const batch = random.pick(batches);
    if (batch !== this.shape) {
      this.withdrawChanged(batch, random);
      shuffle(batch, random);
    }
    for (const { claim } of batch) this.tried.add(claim.key);
    if (random.chance(weather.lostRequests)) return true;
    const outcomes = batch.map((sent) => this.server.answer(this.number, sent.claim));
    if (random.chance(weather.lostReplies)) return true;
    // Answers count in the order of the journal: what lies before them is read first.
    const told = Math.max(0, ...outcomes.flatMap((outcome) => outcome.events.map((event) => event.seq)));
    this.pull(told - this.cursor);
    batch.forEach((sent, i) => {
      this.countClaim(sent.claim, outcomes[i]!.kind);
      settle(this, sent, outcomes[i]!);
      this.abandoned.delete(sent.claim.node);
      this.letGo(sent);
    });
    batch.length = 0;
    return true;
  }

  /**
   * The file changed while its bytes were on the way: that claim is given up, the next one names its key. Not so what may
   * have happened and nothing would name any more: a creation, and an edit of what is gone.
   */
  private withdrawChanged(batch: SentClaim[], random: Stream): void {
    for (let at = batch.length - 1; at >= 0; at -= 1) {
      const sent = batch[at]!;
      const { node, key, op } = sent.claim;
      const local = this.trees.local(node);
      const isNamedByNone = this.tried.has(key) && (op === 'create' || local === null);
      if (local?.stamp === sent.stamp || isNamedByNone || random.chance(0.5)) continue;
      this.abandoned.set(node, [...this.abandonedKeys(node), key]);
      batch.splice(at, 1);
      this.letGo(sent);
    }
  }

  private countClaim(claim: Claim, outcome: string): void {
    if (outcome === 'dropped' || outcome === 'burned') return;
    if (claim.op === 'rearrange') for (const step of claim.steps) this.count(`claim ${step.op}`);
    else this.count(`claim ${claim.op}`);
    if (claim.op === 'create' && claim.aside) this.count('claim create aside');
  }

  private letGo({ claim }: SentClaim): void {
    this.trees.flying.delete(claim.node);
    for (const slot of slotsOf(claim)) this.trees.claimed.delete(slot);
    if (claim.op === 'rearrange') for (const step of claim.steps) this.trees.flying.delete(step.node);
  }

  get idle(): boolean {
    return this.hasSent && this.hasFetched;
  }

  /** No claims are under way. */
  get hasSent(): boolean {
    return this.queue.length === 0 && this.shape.length === 0 && this.uploads.every(isEmpty);
  }

  /** No contents are read or fetched. */
  get hasFetched(): boolean {
    return this.downloads.length === 0;
  }
}

function shuffled<T>(items: readonly T[], random: Stream): readonly T[] {
  return items.length < 2 ? items : shuffle([...items], random);
}

function shuffle<T>(items: T[], random: Stream): T[] {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}

function isEmpty(batch: readonly unknown[]): boolean {
  return batch.length === 0;
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
