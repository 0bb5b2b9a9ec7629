/**
 * Carrying out the plan of a moment. In this order: what was made since and is in nobody's way goes, folders and files
 * return and move from the top downwards (knots of names in one claim), contents come on top, and what only now is empty
 * goes. Every claim names what it was made from: whatever somebody changed meanwhile is left alone and counted.
 */
import { type MomentSteps, stands, type ThenNode, wholes } from '../../core/moment/plan-moment.ts';
import { nfcKey } from '../../core/names/fold.ts';
import { type Answer, ok, type Refused } from '../../ipc/contract.ts';
import type { Claim } from '../../protocol/claims.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Outcome } from '../../protocol/outcomes.ts';
import type { Engine } from '../engine.ts';
import { originOf } from '../state/origin.ts';
import type { RemoteRecord } from '../state/remote-tree.ts';
import { claimBase, claimTogether } from './claims.ts';
import type { Gathered } from './moment-trees.ts';

/** Claims of one request, and steps of one claim. */
const BATCH = 500;
/** A folder brings back what died with it; what then stands elsewhere than wanted moves in the next round. */
const ROUNDS = 4;

type MakeClaim = (key: number) => Claim;

export interface Acted {
  readonly done: number;
  readonly skipped: number;
  /** The connection went before all of it was done. */
  readonly cutShort: boolean;
}

export async function carryOut(
  engine: Engine,
  gathered: Gathered,
  plan: MomentSteps,
  removeNewer: boolean,
): Promise<Answer<Acted>> {
  const act = new MomentAct(engine, gathered, plan);
  const stopped =
    (removeNewer ? await act.remove(plan.made, []) : null) ??
    (await act.placeAll()) ??
    (await act.contents()) ??
    (await act.tidy(removeNewer));
  if (stopped === null) return ok({ done: act.done, skipped: act.skipped, cutShort: false });
  // What is done is done: it is told, and the same can be asked for again.
  const { returns, places, contents, removes } = plan;
  const steps = returns.length + places.length + contents.length + (removeNewer ? removes.length : 0);
  const skipped = Math.max(act.skipped, steps - act.done);
  return act.done === 0 ? stopped : ok({ done: act.done, skipped, cutShort: true });
}

class MomentAct {
  readonly #engine: Engine;
  readonly #gathered: Gathered;
  readonly #plan: MomentSteps;
  readonly #done = new Set<string>();
  readonly #skipped = new Set<string>();
  /** Moves that were claimed: each once. */
  readonly #tried = new Set<NodeId>();
  /** Dead today and not there then either: its folder may bring it back along with itself. */
  readonly #unasked: ReadonlySet<NodeId>;

  constructor(engine: Engine, gathered: Gathered, plan: MomentSteps) {
    this.#engine = engine;
    this.#gathered = gathered;
    this.#plan = plan;
    const wanted = new Set(gathered.trees.was.map(({ node }) => node));
    const dead = plan.returns.flatMap(({ node }) => engine.state.remote.deadWith(node));
    this.#unasked = new Set(dead.map(({ node }) => node).filter((node) => !wanted.has(node)));
  }

  get done(): number {
    return this.#done.size;
  }

  get skipped(): number {
    return this.#skipped.size;
  }

  // --- places ----------------------------------------------------------------------------------------------------

  async placeAll(): Promise<Refused | null> {
    for (let round = 0; round < ROUNDS; round += 1) {
      const moves = this.#movesNow();
      if (moves.length === 0) return this.#placed();
      const knots = this.#knots(moves);
      const inKnots = new Set(knots.flat());
      const singles = moves.filter((each) => !inKnots.has(each));
      const stopped =
        (await this.#send(singles.map((each) => ({ node: each.node, mark: '', make: this.#move(each) })))) ??
        (await this.#untie(knots));
      if (stopped !== null) return stopped;
      if (!(await this.#engine.context.catchUp())) break;
    }
    return this.#placed();
  }

  /** What of the plan stands as wanted now was done; what does not was changed by somebody, or refused. */
  #placed(): null {
    for (const { node } of [...this.#plan.returns, ...this.#plan.places]) {
      const isLive = this.#now(node)?.live === true;
      if (isLive && !this.#skipped.has(node)) this.#done.add(node);
      else this.#skipped.add(node);
    }
    return null;
  }

  #movesNow(): readonly ThenNode[] {
    const then = new Map(this.#gathered.trees.was.map((each) => [each.node, each]));
    const moves: ThenNode[] = [];
    for (const each of then.values()) {
      const now = this.#now(each.node);
      if (!each.below || now === null || this.#tried.has(each.node)) continue;
      if (now.live && stands(each, now)) continue;
      if (this.#isForeign(now)) {
        this.#skipped.add(each.node);
        continue;
      }
      // It comes back with its folder, in the same change.
      const above = now.live ? null : this.#now(now.parent);
      if (above !== null && !above.live && above.deadSeq === now.deadSeq && then.has(above.node)) continue;
      moves.push(each);
      this.#tried.add(each.node);
    }
    return moves;
  }

  /** Moves that want each other's names: swaps, rings, chains. */
  #knots(moves: readonly ThenNode[]): readonly (readonly ThenNode[])[] {
    const leaders = new Map<NodeId, NodeId>(moves.map(({ node }) => [node, node]));
    const leader = (node: NodeId): NodeId => {
      const up = leaders.get(node) ?? node;
      return up === node ? node : leader(up);
    };
    for (const { node, parent, name } of moves) {
      const holder = this.#engine.state.remote.liveAt(parent, nfcKey(name))?.node;
      if (holder !== undefined && holder !== node && leaders.has(holder))
        leaders.set(leader(holder), leader(node));
    }
    const groups = new Map<NodeId, ThenNode[]>();
    for (const each of moves) {
      const group = groups.get(leader(each.node));
      if (group) group.push(each);
      else groups.set(leader(each.node), [each]);
    }
    return [...groups.values()].filter((group) => group.length > 1);
  }

  /** All or nothing; where that comes to nothing, one by one. */
  async #untie(knots: readonly (readonly ThenNode[])[]): Promise<Refused | null> {
    for (const knot of knots) {
      const first = knot[0];
      if (!first) continue;
      const steps = knot.map(({ node, parent, name }) => {
        const baseEntryRev = this.#now(node)?.entryRev ?? 0;
        return { op: 'move', node, baseEntryRev, parent, name } as const;
      });
      const base = { node: first.node, ...claimBase(this.#engine, first.node) };
      const answer =
        knot.length > BATCH
          ? null
          : await claimTogether(this.#engine, [(key) => ({ op: 'rearrange', key, ...base, steps })]);
      if (answer?.kind === 'refused') return answer;
      const kind = answer?.value[0]?.kind;
      if (kind === 'committed' || kind === 'renamed') continue;
      const stopped = await this.#send(
        knot.map((each) => ({ node: each.node, mark: '', make: this.#move(each) })),
      );
      if (stopped !== null) return stopped;
    }
    return null;
  }

  #move({ node, parent, name }: ThenNode): MakeClaim {
    const baseEntryRev = this.#now(node)?.entryRev ?? 0;
    const base = { node, ...claimBase(this.#engine, node) };
    return (key) => ({ op: 'move', key, ...base, baseEntryRev, parent, name });
  }

  // --- contents --------------------------------------------------------------------------------------------------

  async contents(): Promise<Refused | null> {
    const claims = this.#plan.contents.flatMap(({ then, base }) => {
      const { node, head } = then;
      if (head === null || this.#now(node)?.live !== true) {
        this.#skipped.add(`content ${node}`);
        return [];
      }
      const make: MakeClaim = (key) => ({
        op: 'restore',
        key,
        node,
        ...claimBase(this.#engine, node),
        base,
        version: head.version,
      });
      return [{ node, mark: 'content ', make }];
    });
    return this.#send(claims);
  }

  // --- what was made since ---------------------------------------------------------------------------------------

  /** What a folder brought back that nobody asked for goes again, and with `removeNewer` what only now stands alone. */
  async tidy(removeNewer: boolean): Promise<Refused | null> {
    if (!(await this.#engine.context.catchUp())) return null;
    const unasked = this.#liveBelow().filter((row) => this.#unasked.has(row.node) && !this.#isForeign(row));
    const mayGo = new Set([...(removeNewer ? this.#plan.made : []), ...unasked.map(({ node }) => node)]);
    return this.remove(mayGo, unasked);
  }

  /** `quietly`: whose going is no change, for they were not there before. */
  async remove(mayGo: ReadonlySet<NodeId>, quietly: readonly RemoteRecord[]): Promise<Refused | null> {
    const { seq, trees } = this.#gathered;
    const cursor = this.#engine.state.meta.cursor()?.seq ?? seq;
    // What was saved or put there after the plan was made is not what was decided about: it lives on.
    const planned = new Map(trees.liveBelow.map(({ node, head }) => [node, head?.version ?? null]));
    const unasked = new Set(quietly.map(({ node }) => node));
    const roots = wholes(this.#liveBelow(), mayGo).flatMap((row) => {
      const now = this.#now(row.node);
      if (now === null || this.#isForeign(now)) {
        this.#skipped.add(row.node);
        return [];
      }
      return [now];
    });
    return this.#send(
      roots.map((now) => ({
        node: now.node,
        mark: unasked.has(now.node) ? null : '',
        make: (key) => ({
          op: 'delete',
          key,
          node: now.node,
          ...claimBase(this.#engine, now.node),
          base: unasked.has(now.node) ? (now.head?.version ?? null) : (planned.get(now.node) ?? null),
          baseEntryRev: now.entryRev,
          observedSeq: unasked.has(now.node) ? cursor : seq,
          unapplied: [],
          successor: null,
          approved: true,
        }),
      })),
    );
  }

  #liveBelow(): readonly RemoteRecord[] {
    return this.#engine.state.remote.liveBelow(this.#gathered.folder);
  }

  // --- claims ----------------------------------------------------------------------------------------------------

  /** `mark` tells claims about one node apart; null: not counted. */
  async #send(
    claims: readonly { readonly node: NodeId; readonly mark: string | null; readonly make: MakeClaim }[],
  ): Promise<Refused | null> {
    for (let from = 0; from < claims.length; from += BATCH) {
      const batch = claims.slice(from, from + BATCH);
      const answer = await claimTogether(
        this.#engine,
        batch.map(({ make }) => make),
      );
      if (answer.kind === 'refused') return answer;
      for (const [i, { node, mark }] of batch.entries()) {
        if (mark === null) continue;
        const outcome = answer.value[i];
        (outcome && hadEffect(outcome) ? this.#done : this.#skipped).add(`${mark}${node}`);
      }
    }
    return null;
  }

  #now(node: NodeId): RemoteRecord | null {
    return this.#engine.state.remote.get(node);
  }

  /** Somebody else moved, deleted or brought it back since the plan was made. */
  #isForeign(row: RemoteRecord): boolean {
    if (row.entrySeq <= this.#gathered.seq) return false;
    return originOf(row.entryOrigin)?.deviceId !== this.#engine.parts.account.deviceId;
  }
}

function hadEffect({ kind }: Outcome): boolean {
  return kind === 'committed' || kind === 'renamed' || kind === 'adopted';
}
