/**
 * The one cycle: what differs → plan → lanes → what was observed → what differs. All decisions are made here, on one
 * thread, from the three trees; lanes only carry out and report. Woken by hints, answers, journal pages and timers.
 */
import type { ClaimIntent } from '../core/planner/intents.ts';
import { type Plan, plan, printPlan } from '../core/planner/plan.ts';
import type { BrakeGate } from './executor/brake-gate.ts';
import { holdUnknown, releaseAnswered } from './executor/brake-gate.ts';
import type { Context } from './executor/context.ts';
import type { DownloadLane } from './executor/download-lane.ts';
import type { HashLane } from './executor/hash-lane.ts';
import type { StructureLane } from './executor/structure-lane.ts';
import { applyTreeIntent } from './executor/tree-intents.ts';
import { type ContentLane, isContentClaim, nodesOfClaim, type ShapeLane } from './executor/upload-lane.ts';

export interface Lanes {
  readonly hash: HashLane;
  readonly contents: ContentLane;
  readonly shape: ShapeLane;
  readonly downloads: DownloadLane;
  readonly structure: StructureLane;
}

/** Nodes planned at once: a turn stays short, and everything else gets its turn in between. */
const TURN = 2000;
/** Rounds of tree corrections in one turn; the rest waits for the next. */
const CORRECTIONS = 8;

export class SyncLoop {
  private readonly context: Context;
  private readonly lanes: Lanes;
  private readonly brake: BrakeGate;
  private readonly online: () => boolean;
  private readonly mayPlan: () => boolean;
  private scheduled = false;
  private retryDue = 0;
  private retryTimer: (() => void) | null = null;
  /** Called after each turn: only then can it be known that nothing is left to do. */
  onTurn: () => void = () => undefined;

  constructor(
    context: Context,
    lanes: Lanes,
    brake: BrakeGate,
    online: () => boolean,
    mayPlan: () => boolean = () => true,
  ) {
    this.context = context;
    this.lanes = lanes;
    this.brake = brake;
    this.online = online;
    this.mayPlan = mayPlan;
    context.state.frontier.onWork = () => this.wake();
  }

  /** Nothing under way and nothing undecided. */
  get idle(): boolean {
    return this.context.state.frontier.size === 0 && !this.context.operations.busy && !this.scheduled;
  }

  /** Nothing under way: what is undecided waits for the user, the server or the disk. */
  get resting(): boolean {
    return !(this.scheduled || this.context.operations.busy || this.context.state.frontier.hasDirty());
  }

  /** Plans again soon. Cheap; any number of calls makes one turn. */
  wake(): void {
    if (this.scheduled || this.context.stopped()) return;
    this.scheduled = true;
    this.context.env.clock.after(0, () => {
      this.scheduled = false;
      this.turn();
    });
  }

  /** Something happened that undecided nodes may wait for. Paced to its own cost. */
  progress(): void {
    const { clock } = this.context.env;
    const now = clock.monotonic();
    if (now < this.retryDue) {
      this.retryTimer ??= clock.after(this.retryDue - now, () => {
        this.retryTimer = null;
        this.progress();
      });
      return;
    }
    const size = this.context.state.frontier.size;
    this.context.state.frontier.retryWaiting();
    this.retryDue = now + Math.min(500, size / 20);
    this.wake();
  }

  private turn(): void {
    if (this.context.stopped() || !this.mayPlan()) return;
    const { frontier } = this.context.state;
    let planned: Plan | null = null;
    for (let round = 0; round < CORRECTIONS && frontier.hasDirty(); round += 1) {
      planned = this.planOnce();
      if (planned.trees.length === 0) break;
    }
    for (const lane of [this.lanes.hash, this.lanes.contents, this.lanes.shape, this.lanes.downloads])
      lane.pump();
    if (frontier.hasDirty()) this.wake();
    if (planned) this.context.env.log('debug', 'planned', { plan: printPlan(planned) });
    this.onTurn();
  }

  private planOnce(): Plan {
    const { state, view } = this.context;
    const nodes = state.frontier.take(TURN);
    releaseAnswered(this.context, nodes);
    const planned = plan(view, nodes);
    state.transaction(() => {
      for (const intent of planned.trees) applyTreeIntent(this.context, intent);
      this.report(planned);
    });
    this.dispatch(planned);
    return planned;
  }

  private dispatch(planned: Plan): void {
    const { frontier } = this.context.state;
    // Where the user may only look, it waits for what is never sent, unless something is under way, which looks at it again.
    const mayWrite = this.context.mayWrite();
    for (const node of planned.waiting) mayWrite ? frontier.park(node) : frontier.hold(node);
    this.lanes.hash.enqueue(planned.contents.filter((each) => each.kind === 'hash'));
    const structure = this.brake.passRemovals(planned.structure);
    if (this.lanes.structure.idle) this.lanes.structure.start(structure);
    else for (const each of structure) frontier.park(each.node);
    const downloads = planned.contents.filter((each) => each.kind !== 'hash');
    const wanted = mayWrite ? planned.claims : this.refuse(planned.claims);
    const settled = this.withoutCrossing(wanted);
    const claims = this.online() ? this.brake.passClaims(settled) : settled;
    if (!this.online()) {
      for (const each of downloads) frontier.park(each.node);
      this.parkClaims(claims);
      return;
    }
    this.lanes.downloads.enqueue(downloads);
    this.dispatchClaims(claims);
  }

  private dispatchClaims(claims: readonly ClaimIntent[]): void {
    const contents: ClaimIntent[] = [];
    const shape: ClaimIntent[] = [];
    for (const each of claims) (isContentClaim(this.context, each) ? contents : shape).push(each);
    if (this.lanes.shape.idle) this.lanes.shape.enqueue(shape);
    else this.parkClaims(shape);
    this.lanes.contents.enqueue(contents);
  }

  /** The user may only look: what is theirs stays on this computer, and is told. */
  private refuse(claims: readonly ClaimIntent[]): readonly ClaimIntent[] {
    const { state, env } = this.context;
    const nodes = claims.flatMap(nodesOfClaim);
    state.transaction(() => {
      for (const node of nodes) {
        state.frontier.hold(node);
        const path = state.nameOf(node);
        const code = 'share-read-only';
        state.problems.put({ subject: node, node, path, code, facts: {}, since: env.clock.now() });
      }
    });
    return [];
  }

  /** Deletions of what was moved into another namespace wait until it is known there. */
  private withoutCrossing(claims: readonly ClaimIntent[]): readonly ClaimIntent[] {
    return claims.filter((claim) => {
      const steps = claim.kind === 'rearrange' ? claim.steps : [claim];
      const waits = steps.map(({ kind, node }) =>
        kind === 'delete' ? this.context.crossings().waitsFor(node) : 'nothing',
      );
      if (waits.includes('upload')) this.parkClaims([claim]);
      else if (waits.includes('role'))
        for (const node of nodesOfClaim(claim)) this.context.state.frontier.hold(node);
      else return true;
      return false;
    });
  }

  private parkClaims(claims: readonly ClaimIntent[]): void {
    for (const claim of claims)
      for (const node of nodesOfClaim(claim)) this.context.state.frontier.park(node);
  }

  private report(planned: Plan): void {
    const { state, env } = this.context;
    for (const hold of planned.holds) {
      state.frontier.hold(hold.node);
      state.problems.put({
        subject: hold.node,
        node: hold.node,
        path: state.nameOf(hold.node),
        code: hold.code,
        facts: hold.facts,
        since: env.clock.now(),
      });
    }
    if (planned.reviews.length > 0)
      holdUnknown(
        this.context,
        planned.reviews.map((each) => each.node),
      );
    for (const node of planned.done) state.frontier.settle(node);
    if (state.problems.count() === 0) return;
    for (const node of planned.done) state.problems.clear(node);
  }
}
