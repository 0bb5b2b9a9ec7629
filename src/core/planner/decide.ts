/**
 * The planner's table: one node, three trees, one decision. Read the tables top to bottom; every cell is a rule with a
 * name, every name appears in `explain`, and the types leave no cell out.
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../tree/nodes.ts';
import type { TreeView } from '../tree/view.ts';
import { CONTENT, contentHere, contentThere } from './content-axis.ts';
import type { Intent } from './intents.ts';
import { comeUp } from './newcomers-local.ts';
import { arrive, returnOf } from './newcomers-remote.ts';
import { isExtensionJump } from './overwrites.ts';
import { PLACE, placeHere, placeThere } from './place-axis.ts';
import { deletedHere, deletedThere, forgotten } from './removals.ts';
import { leavingNow, leftover } from './stays-online.ts';

type LocalPresence = 'absent' | 'seen' | 'unseen' | 'excluded' | 'leftover';
type RemotePresence = 'unknown' | 'live' | 'dead';

/** One node as the three trees have it. */
export interface Triple {
  readonly node: NodeId;
  readonly local: LocalNode | null;
  readonly remote: RemoteNode | null;
  readonly synced: SyncedNode | null;
}
type Cell = (view: TreeView, triple: Triple) => Intent;

function nothing(rule: string): Cell {
  return (_, { node }) => ({ kind: 'nothing', node, rule });
}
function rest(rule: string): Cell {
  return (_, { node }) => ({ kind: 'rest', node, rule });
}

/** Kinds that do nothing now. */
const IDLE: ReadonlySet<Intent['kind']> = new Set(['nothing', 'wait', 'rest', 'hold']);

/**
 * Both trees have the node and it lives: place and content are independent. The place goes first; while it cannot be had,
 * the content goes on, unless the node has stepped aside and has no path.
 */
const bothLive: Cell = (view, { node, local, remote, synced }) => {
  if (!local || !remote || !synced) throw new Error('both-live without rows');
  if (view.isLeaving(node)) return leavingNow(view, local, remote, synced);
  if (isUnread(local) && isExtensionJump(synced.name, local.name))
    return { kind: 'hash', node, rule: 'one more extension and changed: read it before the move is told' };
  const place = PLACE[placeHere(local, synced)][placeThere(remote, synced)](view, local, remote, synced);
  if (place && (local.parked || !IDLE.has(place.kind))) return place;
  const content = contentOf(view, local, remote, synced);
  return content ?? place ?? { kind: 'nothing', node, rule: 'same × same: nothing to do' };
};

function isUnread(local: LocalNode | null): boolean {
  return local?.condition === 'seen' && local.kind !== 'folder' && local.content === null && !local.parked;
}

function contentOf(view: TreeView, local: LocalNode, remote: RemoteNode, synced: SyncedNode): Intent | null {
  return CONTENT[contentHere(local, synced)][contentThere(remote, synced)](view, local, remote, synced);
}

/** The content alone, of a node whose new place has to wait. */
export function decideContent(view: TreeView, node: NodeId): Intent | null {
  const local = view.local(node);
  const remote = view.remote(node);
  const synced = agreed(view, node);
  if (!local || !remote?.live || !synced || local.condition !== 'seen' || local.parked) return null;
  return contentOf(view, local, remote, synced);
}

/** Nodes that both sides once agreed on. */
export const WITH_BASE: Readonly<Record<LocalPresence, Readonly<Record<RemotePresence, Cell>>>> = {
  seen: {
    live: bothLive,
    dead: (view, triple) => deletedThere(view, triple),
    unknown: (view, triple) => forgotten(view, triple),
  },
  absent: {
    live: (view, triple) => deletedHere(view, triple),
    dead: (_, { node }) => ({ kind: 'forget', node, rule: 'deleted × tombstoned: adopt' }),
    unknown: (_, { node }) => ({ kind: 'forget', node, rule: 'deleted × unknown after a resync: adopt' }),
  },
  unseen: {
    live: rest('unseen × anything: waits, reported'),
    dead: rest('unseen × tombstoned: waits, reported'),
    unknown: rest('unseen × unknown: waits, reported'),
  },
  excluded: {
    live: nothing('excluded × anything: left alone'),
    dead: nothing('excluded × tombstoned: left alone, never deleted'),
    unknown: nothing('excluded × unknown: left alone'),
  },
  leftover: {
    live: (_, { node }) => ({ kind: 'adopt', node, rule: 'leftover folder × live again: one folder' }),
    dead: (_, { node }) => ({
      kind: 'forget',
      node,
      rule: 'leftover folder × tombstoned: only unsynced things remain in it',
    }),
    unknown: nothing('leftover folder × unknown: left alone'),
  },
};

/** Nodes that only one side knows, or that both have without having agreed. */
export const WITHOUT_BASE: Readonly<Record<LocalPresence, Readonly<Record<RemotePresence, Cell>>>> = {
  seen: {
    live: (view, triple) => returnOf(view, triple),
    dead: (view, triple) => returnOf(view, triple),
    unknown: (view, triple) => comeUp(view, triple),
  },
  absent: {
    live: (view, triple) => arrive(view, triple),
    dead: nothing('absent × tombstoned: nothing to do'),
    unknown: nothing('absent × unknown: nothing to do'),
  },
  unseen: {
    live: rest('unseen × new there: waits, reported'),
    dead: rest('unseen × tombstoned there: waits, reported'),
    unknown: rest('unseen and new: waits, reported'),
  },
  excluded: {
    live: nothing('excluded × new there: left alone'),
    dead: nothing('excluded × tombstoned there: left alone'),
    unknown: nothing('excluded and new: left alone'),
  },
  leftover: {
    live: (view, triple) => leftover(view, triple),
    dead: nothing('leftover folder × tombstoned: only unsynced things remain in it'),
    unknown: nothing('leftover folder × unknown: left alone'),
  },
};

/**
 * What both sides agreed on. A content that was agreed on because a conflict copy holds it is one of that copy's versions,
 * whatever others made of it since, or deleted: told as an edit again, it would be a second copy. But once the copy is
 * deleted here, or moved over this very file, what stands here has no other home and is an edit.
 */
function agreed(view: TreeView, node: NodeId): SyncedNode | null {
  const synced = view.synced(node);
  if (!synced?.lent) return synced;
  const isGoneHere = view.local(synced.lent) === null && view.synced(synced.lent) !== null;
  return isGoneHere ? { ...synced, content: null } : synced;
}

/** What is to be done about one node now. Cost: a few look-ups, plus what lies below a deleted folder. */
export function decide(view: TreeView, node: NodeId): Intent {
  const triple: Triple = {
    node,
    local: view.local(node),
    remote: view.remote(node),
    synced: agreed(view, node),
  };
  if (view.inFlight(node)) return { kind: 'wait', node, rule: 'an operation on it is under way' };
  const isHeld = view.isHeld(node);
  if (isHeld && !isUnread(triple.local)) return { kind: 'rest', node, rule: 'held in the review queue' };
  if (view.isDeferred(node)) return { kind: 'wait', node, rule: 'failed a moment ago: tried again later' };
  if (isHeld)
    return { kind: 'hash', node, rule: 'held, and changed on disk: read it, the question may be over' };
  const table = triple.synced ? WITH_BASE : WITHOUT_BASE;
  const here: LocalPresence = triple.local ? triple.local.condition : 'absent';
  const there: RemotePresence = triple.remote ? (triple.remote.live ? 'live' : 'dead') : 'unknown';
  return table[here][there](view, triple);
}
