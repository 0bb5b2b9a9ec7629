/** The brake at work: what it holds goes to the review queue with evidence, in both directions (RULES 17). */
import { type BrakeLimits, brake, type Removal } from '../../core/planner/brake.ts';
import type { ClaimIntent, StructureIntent } from '../../core/planner/intents.ts';
import type { NodeId, VersionId } from '../../protocol/ids.ts';
import { toHex } from '../../protocol/ids.ts';
import type { BrakedKind, ReviewKind, ReviewNode } from '../state/reviews.ts';
import type { State } from '../state/state.ts';
import type { Context } from './context.ts';
import { hereDeed } from './deeds.ts';
import { looksEncrypted } from './overwritten.ts';

const NONE: ReadonlySet<NodeId> = new Set();

export class BrakeGate {
  private readonly context: Context;
  private readonly limits: BrakeLimits;
  /** What was let pass lately: every node once, however often it is planned. */
  private readonly passed: Readonly<Record<BrakedKind, Map<NodeId, Removal>>> = {
    'send-deletes': new Map(),
    'apply-deletes': new Map(),
    'send-overwrites': new Map(),
  };

  constructor(context: Context, limits: BrakeLimits) {
    this.context = context;
    this.limits = limits;
  }

  /** Lets deletions and overwrites of this device go up, or holds the whole batch. Approved ones always go. */
  passClaims(claims: readonly ClaimIntent[]): readonly ClaimIntent[] {
    const { state } = this.context;
    const steps = claims.flatMap((each): readonly ClaimIntent[] =>
      each.kind === 'rearrange' ? each.steps : [each],
    );
    const deletes: ReviewNode[] = [];
    const overwrites: ReviewNode[] = [];
    for (const each of steps) {
      const { node } = each;
      if (each.kind === 'delete') {
        if (this.context.view.isApproved(node)) continue;
        // Whoever moved files into another namespace has deleted nothing.
        const files = each.files - this.context.crossings().filesAcross(node);
        if (files > 0) deletes.push({ node, path: state.nameOf(node), files });
      } else if (each.kind !== 'create' && looksEncrypted(state, node)) {
        if (!state.reviews.isApproved(node, 'overwrite'))
          overwrites.push({ node, path: state.nameOf(node), files: 1 });
      }
    }
    const held = new Set([
      ...this.heldOf('send-deletes', deletes),
      ...this.heldOf('send-overwrites', overwrites),
    ]);
    return held.size === 0 ? claims : claims.filter((each) => !this.isPartOf(each, held));
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
    const { state, view } = this.context;
    const doubtful = structure.filter(
      (each) =>
        each.kind === 'trash' &&
        !view.isApproved(each.node) &&
        !isOwnChoice(state, each.node) &&
        !state.remote.get(each.node)?.approved,
    );
    const held = this.heldOf(
      'apply-deletes',
      doubtful.map((each) => ({ node: each.node, path: state.nameOf(each.node), files: 1 })),
    );
    return structure.filter((each) => !held.has(each.node));
  }

  /** Counts the files in the window, and answers which of the nodes are held: none, or all of them. */
  private heldOf(kind: BrakedKind, nodes: readonly ReviewNode[]): ReadonlySet<NodeId> {
    const files = nodes.reduce((sum, each) => sum + each.files, 0);
    if (files === 0 || this.limits.files === null) return NONE;
    const now = this.context.env.clock.monotonic();
    const passed = this.passed[kind];
    for (const [node, { at }] of passed) if (at <= now - this.limits.windowMs) passed.delete(node);
    for (const { node } of nodes) passed.delete(node);
    if (this.trips(kind, [...passed.values()], files)) {
      this.hold(kind, nodes);
      return new Set(nodes.map((each) => each.node));
    }
    for (const each of nodes) passed.set(each.node, { at: now, files: each.files });
    return NONE;
  }

  /** Later slices of a held batch join it, whatever their size. */
  private trips(kind: BrakedKind, recent: readonly Removal[], files: number): boolean {
    const { state, env } = this.context;
    if (state.reviews.openOf(kind) !== null) return true;
    return (
      brake(this.limits, recent, env.clock.monotonic(), files, state.synced.countFiles()).kind === 'hold'
    );
  }

  private hold(kind: BrakedKind, nodes: readonly ReviewNode[]): void {
    const { state, env } = this.context;
    const open = state.reviews.openOf(kind);
    const id = open ?? toHex(env.random.bytes(6));
    const files = nodes.reduce((sum, each) => sum + each.files, state.reviews.filesOf(id));
    const evidence = evidenceOf(kind, files, nodes.slice(0, 1));
    state.transaction(() => {
      state.reviews.hold(id, kind, evidence, env.clock.now(), nodes);
      if (open === null) noteHeld(this.context, kind, nodes);
    });
  }
}

/** It leaves because the user of this device keeps it online: nothing is deleted. */
function isOwnChoice({ online, remote }: State, node: NodeId): boolean {
  return online.isLeaving(node) && remote.get(node)?.live === true;
}

/** Told once a batch: what joins it later is counted where it is reviewed. */
function noteHeld(context: Context, kind: ReviewKind, nodes: readonly ReviewNode[]): void {
  const first = nodes[0];
  if (first) context.record(first.node, 'held', 'the delete brake', kind, hereDeed(context.self, 'held'));
}

function evidenceOf(kind: BrakedKind, files: number, examples: readonly ReviewNode[]): string {
  switch (kind) {
    case 'send-deletes':
      return `${files} files were deleted on this device`;
    case 'apply-deletes':
      return `other devices deleted ${files} files that are still here`;
    case 'send-overwrites':
      return `${files} files were overwritten on this device with what looks encrypted (for instance ${examples.map(({ path }) => path).join()})`;
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

function isAnswered({ state, operations }: Context, node: NodeId, question: ReviewKind): boolean {
  const isHere = state.local.get(node) !== null;
  const remote = state.remote.get(node);
  switch (question) {
    case 'send-deletes':
      return isHere || remote?.live !== true;
    case 'apply-deletes':
      return !isHere || remote?.live === true;
    case 'send-overwrites':
      return !operations.inFlight(node) && (!isHere || isOrdinary(state, node));
    case 'zombies':
      return !isHere;
    case 'unknown':
      return !isHere || remote !== null;
  }
}

/**
 * Is it, by now, an edit like any other? Not known of what was saved once more and not read yet; nor of what has no base,
 * since bringing back the one from before was cut short.
 */
function isOrdinary(state: State, node: NodeId): boolean {
  const row = state.local.get(node);
  const isRead = row?.kind !== 'file' || row.content !== null;
  return isRead && state.synced.get(node) !== null && !looksEncrypted(state, node);
}

/** A content that was deleted at this very path turned up in a union merge: the user is asked (RULES 12). */
export function holdZombie(context: Context, node: NodeId, version: VersionId): void {
  const { state, env } = context;
  const open = state.reviews.openOf('zombies');
  const id = open ?? toHex(env.random.bytes(6));
  const path = state.nameOf(node);
  if (open === null) noteHeld(context, 'zombies', [{ node, path, files: 1 }]);
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
  const open = state.reviews.openOf('unknown');
  const id = open ?? toHex(env.random.bytes(6));
  const rows = nodes.map((node) => ({ node, path: state.nameOf(node), files: 1 }));
  state.transaction(() => {
    state.reviews.hold(id, 'unknown', 'files that the server no longer knows at all', env.clock.now(), rows);
    if (open === null) noteHeld(context, 'unknown', rows);
  });
}
