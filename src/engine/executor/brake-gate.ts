/** The delete brake at work: what it holds goes to the review queue with evidence, in both directions (RULES 17). */
import { type BrakeLimits, brake, type Removal } from '../../core/planner/brake.ts';
import type { ClaimIntent, StructureIntent } from '../../core/planner/intents.ts';
import type { NodeId, VersionId } from '../../protocol/ids.ts';
import { toHex } from '../../protocol/ids.ts';
import type { ReviewKind, ReviewNode } from '../state/reviews.ts';
import type { Context } from './context.ts';

export class BrakeGate {
  private readonly context: Context;
  private readonly limits: BrakeLimits;
  private sent: Removal[] = [];
  private applied: Removal[] = [];

  constructor(context: Context, limits: BrakeLimits) {
    this.context = context;
    this.limits = limits;
  }

  /** Lets deletions of this device go up, or holds the whole batch. Approved ones always go. */
  passClaims(claims: readonly ClaimIntent[]): readonly ClaimIntent[] {
    const doubtful = claims
      .flatMap((each): readonly ClaimIntent[] => (each.kind === 'rearrange' ? each.steps : [each]))
      .filter((each) => each.kind === 'delete' && !this.context.view.isApproved(each.node));
    const nodes = doubtful.map((each) => ({
      node: each.node,
      path: this.context.state.nameOf(each.node),
      files: each.kind === 'delete' ? each.files : 0,
    }));
    const files = nodes.reduce((sum, each) => sum + each.files, 0);
    if (!this.trips('send-deletes', this.sent, files)) {
      if (files > 0) this.sent = this.remember(this.sent, files);
      return claims;
    }
    this.hold('send-deletes', nodes);
    const held = new Set(nodes.map((each) => each.node));
    return claims.filter((each) => !this.isPartOf(each, held));
  }

  /** Of a rearrangement with a held step, the other steps are decided again without it. */
  private isPartOf(claim: ClaimIntent, held: ReadonlySet<NodeId>): boolean {
    if (claim.kind !== 'rearrange') return held.has(claim.node);
    if (!claim.steps.some((step) => held.has(step.node))) return false;
    for (const step of claim.steps) this.context.state.frontier.add(step.node);
    return true;
  }

  /** The same for deletions of other devices that are to be applied here. */
  passRemovals(structure: readonly StructureIntent[]): readonly StructureIntent[] {
    const { state } = this.context;
    const doubtful = structure.filter(
      (each) =>
        each.kind === 'trash' &&
        !this.context.view.isApproved(each.node) &&
        !state.remote.get(each.node)?.approved,
    );
    if (!this.trips('apply-deletes', this.applied, doubtful.length)) {
      if (doubtful.length > 0) this.applied = this.remember(this.applied, doubtful.length);
      return structure;
    }
    this.hold(
      'apply-deletes',
      doubtful.map((each) => ({ node: each.node, path: state.nameOf(each.node), files: 1 })),
    );
    const held = new Set(doubtful.map((each) => each.node));
    return structure.filter((each) => !held.has(each.node));
  }

  /** Later slices of a held batch join it, whatever their size. */
  private trips(kind: ReviewKind, recent: readonly Removal[], files: number): boolean {
    if (files === 0) return false;
    if (this.limits.files !== null && this.context.state.reviews.openOf(kind) !== null) return true;
    const { state, env } = this.context;
    return (
      brake(this.limits, recent, env.clock.monotonic(), files, state.synced.countFiles()).kind === 'hold'
    );
  }

  private remember(recent: readonly Removal[], files: number): Removal[] {
    const now = this.context.env.clock.monotonic();
    return [...recent.filter((each) => each.at > now - this.limits.windowMs), { at: now, files }];
  }

  private hold(kind: ReviewKind, nodes: readonly ReviewNode[]): void {
    const { state, env } = this.context;
    const id = state.reviews.openOf(kind) ?? toHex(env.random.bytes(6));
    const files = nodes.reduce((sum, each) => sum + each.files, state.reviews.filesOf(id));
    const evidence =
      kind === 'send-deletes'
        ? `${files} files were deleted on this device`
        : `other devices deleted ${files} files that are still here`;
    state.transaction(() => state.reviews.hold(id, kind, evidence, env.clock.now(), nodes));
  }
}

/** Questions that have answered themselves: the file is back, gone, or no longer what it was asked about. */
export function releaseAnswered(context: Context, nodes: readonly NodeId[]): void {
  const { reviews } = context.state;
  if (reviews.count() === 0) return;
  for (const node of nodes) {
    const question = reviews.questionAbout(node);
    if (question !== null && isAnswered(context, node, question)) reviews.release(node);
  }
}

function isAnswered({ state }: Context, node: NodeId, question: ReviewKind): boolean {
  const isHere = state.local.get(node) !== null;
  const remote = state.remote.get(node);
  switch (question) {
    case 'send-deletes':
      return isHere || remote?.live !== true;
    case 'apply-deletes':
      return !isHere || remote?.live === true;
    case 'zombies':
      return !isHere;
    case 'unknown':
      return !isHere || remote !== null;
  }
}

/** A content that was deleted at this very path turned up in a union merge: the user is asked (RULES 12). */
export function holdZombie(context: Context, node: NodeId, version: VersionId): void {
  const { state, env } = context;
  const id = state.reviews.openOf('zombies') ?? toHex(env.random.bytes(6));
  const path = state.nameOf(node);
  state.reviews.hold(
    id,
    'zombies',
    `files that were deleted on another device are still here (for instance ${path}, ${version})`,
    env.clock.now(),
    [{ node, path, files: 1 }],
  );
}

/** Known here, unknown to the server after a resync: neither uploaded again nor deleted without a yes (RULES 26). */
export function holdUnknown(context: Context, nodes: readonly NodeId[]): void {
  const { state, env } = context;
  const id = state.reviews.openOf('unknown') ?? toHex(env.random.bytes(6));
  const rows = nodes.map((node) => ({ node, path: state.nameOf(node), files: 1 }));
  state.transaction(() =>
    state.reviews.hold(id, 'unknown', 'files that the server no longer knows at all', env.clock.now(), rows),
  );
}
