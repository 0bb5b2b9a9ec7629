/**
 * The whole namespace as post-states, in pages, without holding a transaction across them. Three walks, one after the
 * other: live nodes by id, tombstones by id, and last everything that changed since the first page, in order of change,
 * until nothing is left. Ids never change, so no walk can miss a node that a move carried past it; whatever changes
 * behind a walk comes again in the third, later states replacing earlier ones. So all pages together are the namespace
 * at exactly the moment of the last one.
 *
 * Parents come before children: an ancestor that a walk has not reached yet is told ahead of its turn.
 */
import { type NamespaceId, type NodeId, parseNodeId, ROOT_NODE } from '../../src/protocol/ids.ts';
import type { SnapshotPage } from '../../src/protocol/journal.ts';
import { EventBuilder } from '../metadata/event-of.ts';
import type { ReadTx } from '../metadata/metadata-store.ts';
import type { NamespaceRow, NodeState } from '../metadata/rows.ts';
import { headCursor } from './cursor.ts';

type Walk =
  | { readonly kind: 'live' | 'dead'; readonly since: number; readonly after: NodeId | null }
  | {
      readonly kind: 'changed';
      readonly since: number;
      /** Places up to (seq, id) and heads up to `headSeq` are told. */
      readonly seq: number;
      readonly after: NodeId | null;
      readonly headSeq: number;
    };

interface Step {
  readonly states: readonly NodeState[];
  readonly next: Walk | null;
}

/** `null`: the continuation is none of ours, or of another epoch. */
export async function readSnapshot(
  tx: ReadTx,
  namespace: NamespaceId,
  continuation: string | null,
  limit: number,
): Promise<SnapshotPage | null> {
  const ns = await tx.namespace(namespace);
  if (ns === null) throw new Error('snapshot of an unknown namespace');
  let walk: Walk | null =
    continuation === null ? { kind: 'live', since: ns.headSeq, after: null } : parseWalk(ns, continuation);
  if (walk === null) return null;
  const page = new PageBuilder(tx, ns, walk.since);
  let room = limit;
  while (walk !== null && room > 0) {
    const step: Step = await stepOf(tx, ns, walk, room);
    for (const state of step.states) await page.add(state);
    room -= step.states.length;
    walk = step.next;
  }
  return {
    kind: 'snapshot',
    events: page.events,
    at: headCursor(ns),
    continuation: walk === null ? null : formatWalk(ns, walk),
  };
}

class PageBuilder {
  readonly events: SnapshotPage['events'] = [];
  readonly #tx: ReadTx;
  readonly #ns: NamespaceRow;
  readonly #since: number;
  readonly #builder: EventBuilder;
  readonly #told = new Set<NodeId>();

  constructor(tx: ReadTx, ns: NamespaceRow, since: number) {
    this.#tx = tx;
    this.#ns = ns;
    this.#since = since;
    this.#builder = new EventBuilder(tx, ns.id);
  }

  /** Adds a node after the ancestors that may not have been told: later in the walk, or changed since it began. */
  async add(state: NodeState): Promise<void> {
    const chain: NodeState[] = [];
    for (let at: NodeState | null = state; at !== null && !this.#told.has(at.node.id); ) {
      chain.push(at);
      this.#told.add(at.node.id);
      const parent: NodeId | null = at.node.parent;
      const above: NodeState | null =
        parent === null || parent === ROOT_NODE ? null : await this.#tx.state(this.#ns.id, parent);
      at = above !== null && this.#mayBeUntold(above, state) ? above : null;
    }
    for (const link of chain.reverse()) this.events.push(await this.#builder.ofState(link));
  }

  /** Measured by where the walk is: an ancestor that is told ahead of its turn may hang from one whose turn comes between. */
  #mayBeUntold(above: NodeState, reached: NodeState): boolean {
    return above.node.id > reached.node.id || above.node.entrySeq > this.#since;
  }
}

async function stepOf(tx: ReadTx, ns: NamespaceRow, walk: Walk, room: number): Promise<Step> {
  if (walk.kind === 'changed') return changedStep(tx, ns, walk, room);
  const { since } = walk;
  const states = await tx.statesAfter(ns.id, walk.kind === 'live', walk.after, room);
  if (states.length === room) {
    return { states, next: { ...walk, after: states.at(-1)?.node.id ?? null } };
  }
  const next: Walk =
    walk.kind === 'live'
      ? { kind: 'dead', since, after: null }
      : { kind: 'changed', since, seq: since, after: null, headSeq: since };
  return { states, next };
}

/** Places first, then heads; when both are told up to the present, the snapshot is complete. */
async function changedStep(
  tx: ReadTx,
  ns: NamespaceRow,
  walk: Extract<Walk, { kind: 'changed' }>,
  room: number,
): Promise<Step> {
  const moved = await tx.movedAfter(ns.id, walk.seq, walk.after, room);
  const last = moved.at(-1);
  const reached = last === undefined ? walk : { ...walk, seq: last.node.entrySeq, after: last.node.id };
  if (moved.length === room) return { states: moved, next: reached };
  const rows = await tx.journalAfter(ns.id, walk.headSeq, room - moved.length);
  const states = [...moved];
  for (const row of rows) {
    if (row.node.headSeq !== row.seq) continue;
    const state = await tx.state(ns.id, row.node.id);
    if (state !== null) states.push(state);
  }
  const headSeq = rows.at(-1)?.seq ?? walk.headSeq;
  return { states, next: headSeq < ns.headSeq ? { ...reached, headSeq } : null };
}

const FORM = /^([0-9a-f]{12}) (live|dead|changed) (\d{1,16}) (\d{1,16}) (\d{1,16}) (-|[0-9a-f-]{36})$/;

function formatWalk(ns: NamespaceRow, walk: Walk): string {
  const [seq, headSeq] = walk.kind === 'changed' ? [walk.seq, walk.headSeq] : [0, 0];
  return `${ns.epoch} ${walk.kind} ${walk.since} ${seq} ${headSeq} ${walk.after ?? '-'}`;
}

function parseWalk(ns: NamespaceRow, text: string): Walk | null {
  const match = FORM.exec(text);
  if (match === null || match[1] !== ns.epoch) return null;
  const [since, seq, headSeq] = [Number(match[3]), Number(match[4]), Number(match[5])];
  if (Math.max(since, seq, headSeq) > ns.headSeq) return null;
  // Changes that were trimmed away cannot be told any more.
  if ((match[2] === 'changed' ? headSeq : since) < ns.floorSeq) return null;
  let after: NodeId | null = null;
  try {
    after = match[6] === '-' ? null : parseNodeId(match[6]);
  } catch {
    return null;
  }
  if (match[2] === 'changed') return { kind: 'changed', since, seq, after, headSeq };
  return { kind: match[2] === 'live' ? 'live' : 'dead', since, after };
}
