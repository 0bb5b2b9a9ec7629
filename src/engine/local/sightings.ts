/**
 * From what a look at the disk saw to rows of the local tree: which node is it? Identity is the file id; a retaken path
 * keeps its node; the exact order is RULES 13. All of a batch of sightings is judged together.
 */
import type { Content, NodeKind } from '../../protocol/content.ts';
import type { NodeId } from '../../protocol/ids.ts';
import type { Stamp } from '../environment/disk.ts';
import type { ObservedNode } from '../state/local-tree.ts';
import { encodeStamp } from '../state/stamps.ts';
import type { State } from '../state/state.ts';

/** An object seen at a name. */
export interface Sighting {
  readonly parent: NodeId;
  readonly name: string;
  readonly stamp: Stamp;
  readonly excluded: boolean;
  /** A share is mounted here: whatever was known at this name is somewhere else, or gone. */
  readonly mounted: boolean;
}

/** `unobserved`: nobody can tell what stands there, but the object has left it: it has one name, and was seen at another. */
export type OldName = 'same' | 'empty' | 'newcomer' | 'known' | 'unobserved';

export interface SightingEffects {
  /** A folder that was not known (or came back under another identity): to be listed. */
  readonly listFolder: (node: NodeId) => void;
  /** What stands now at the row's name: its own object, nothing, an object nobody knows, one of another node. */
  readonly oldName: (row: ObservedNode, sighting: Sighting) => OldName;
  /** A file left its name a moment ago and nothing took it yet: is it time to call that a move? */
  readonly isSettledMove: (row: ObservedNode, sighting: Sighting) => boolean;
  /** The node is nowhere for now: it is found soon, or gone. */
  readonly lookFor: (node: NodeId) => void;
  /** A newcomer stands at the row's own name: from now on the row is that object, and its name is looked at. */
  readonly retaken: (row: ObservedNode) => void;
  /** Was the row's object seen at another name, in this batch or where `known` came from? */
  readonly aliveElsewhere: (row: ObservedNode, known: ObservedNode) => boolean;
  /** Of something that was not known: its own, where it is one that went missing. */
  readonly nodeOf: (sighting: Sighting, kind: NodeKind) => NodeId;
}

export function kindOf(stamp: Stamp): NodeKind | null {
  return stamp.kind === 'other' ? null : stamp.kind;
}

/** Judges one batch. Rows of nodes being operated on were filtered out before. */
export function recordSightings(
  state: State,
  sightings: readonly Sighting[],
  effects: SightingEffects,
): void {
  for (const sighting of sightings) record(state, sighting, effects);
}

function record(state: State, sighting: Sighting, effects: SightingEffects): void {
  const kind = kindOf(sighting.stamp);
  const row = state.local.at(sighting.parent, sighting.name);
  if (sighting.excluded || kind === null) {
    exclude(state, row, sighting, effects);
    return;
  }
  if (row && row.fileId === sighting.stamp.fileId && row.kind === kind) {
    refresh(state, row, sighting, effects);
    return;
  }
  const known = movedHere(state, sighting, kind, row, effects);
  if (known === 'later') return;
  if (row && known) retakenByKnown(state, row, known, sighting, effects);
  else if (row) retakenByNewcomer(state, row, kind, sighting, effects);
  else if (known) moveHere(state, known, sighting, effects);
  else appear(state, sighting, kind, effects);
  if (known && !row) refreshMoved(state, known, sighting);
}

/** A rule (or its kind) leaves it out: a known node is marked, an unknown one never becomes a node. */
function exclude(state: State, row: ObservedNode | null, sighting: Sighting, effects: SightingEffects): void {
  if (row && sighting.mounted && row.fileId !== sighting.stamp.fileId) {
    displace(state, row, effects);
    return;
  }
  const node = row ?? renamedToExcluded(state, sighting, effects);
  if (node && node.condition === 'excluded') nowShows(state, node, sighting, effects);
  if (!node || node.condition === 'excluded' || node.condition === 'leftover') return;
  // One whose claim has no answer yet may be agreed on any moment: without its row it would then look deleted.
  const isKnown = state.synced.get(node.node) !== null || state.claims.isOpen(node.node);
  if (isKnown) {
    state.local.setCondition(node.node, 'excluded');
    nowShows(state, node, sighting, effects);
  } else if (node.fileId === sighting.stamp.fileId) state.local.remove(node.node);
}

/**
 * What stands at a name that is left out was replaced: the object that stood there before may be another node by now, and
 * what stands there may have been one.
 */
function nowShows(state: State, row: ObservedNode, sighting: Sighting, effects: SightingEffects): void {
  const { node, kind, parent, name, fileId } = row;
  const { stamp } = sighting;
  if (fileId === stamp.fileId || kind !== stamp.kind) return;
  const known = movedHere(state, sighting, kind, row, effects);
  if (known === 'later') return;
  if (known) displace(state, known, effects);
  state.local.put(node, parent, name, stamp, null, { condition: 'excluded' });
}

/** A synced node whose object got a name that a rule leaves out: it is not gone, and takes the name along. */
function renamedToExcluded(state: State, sighting: Sighting, effects: SightingEffects): ObservedNode | null {
  const kind = kindOf(sighting.stamp);
  const known = kind === null ? null : movedHere(state, sighting, kind, null, effects);
  if (known === null || known === 'later') return null;
  state.local.move(known.node, sighting.parent, sighting.name);
  return state.local.get(known.node);
}

/** The same object at the same name: changed or not. */
function refresh(state: State, row: ObservedNode, sighting: Sighting, effects: SightingEffects): void {
  const wasHidden = row.condition === 'excluded' || row.condition === 'unseen';
  if (row.kind === 'folder') {
    if (!wasHidden) return;
    // One that could not be read is seen once it was listed.
    if (row.condition === 'excluded') state.local.setCondition(row.node, 'seen');
    effects.listFolder(row.node);
    return;
  }
  if (row.stamp !== encodeStamp(sighting.stamp))
    state.local.put(row.node, row.parent, row.name, sighting.stamp, null);
  else if (wasHidden) state.local.setCondition(row.node, 'seen');
}

/**
 * The known node whose object this is and which has left its old name, or `null`. A file whose old name shows an unknown
 * object stays there, edited (how editors save with a backup): then this is the backup, a new node. While the old name
 * is empty the save may be half done: 'later' means that it is looked at again.
 */
function movedHere(
  state: State,
  sighting: Sighting,
  kind: NodeKind,
  row: ObservedNode | null,
  effects: SightingEffects,
): ObservedNode | 'later' | null {
  for (const candidate of state.local.byFile(sighting.stamp.fileId)) {
    if (candidate.node === row?.node || candidate.kind !== kind || candidate.parked) continue;
    const alike =
      sighting.stamp.trusted ||
      (candidate.size === sighting.stamp.size && candidate.mtimeNs === sighting.stamp.mtimeNs);
    const old = alike ? effects.oldName(candidate, sighting) : 'same';
    if (old === 'same') continue;
    if (old === 'unobserved') return effects.isSettledMove(candidate, sighting) ? candidate : 'later';
    if (kind === 'folder' || old === 'known') return candidate;
    if (old === 'newcomer') effects.retaken(candidate);
    else return row || effects.isSettledMove(candidate, sighting) ? candidate : 'later';
  }
  return null;
}

function refreshMoved(state: State, known: ObservedNode, sighting: Sighting): void {
  if (known.kind === 'folder') return;
  const { parent, name, stamp } = sighting;
  state.local.put(known.node, parent, name, stamp, contentAfterRename(known, stamp));
}

/** A rename changes ctime alone: then the content is still what it was. `null` when it was written to as well. */
function contentAfterRename(known: ObservedNode, stamp: Stamp): Content | null {
  const before = known.stamp.split('|');
  const untouched =
    before[1] === String(stamp.size) &&
    before[2] === String(stamp.mtimeNs) &&
    (before[4] === 'x') === stamp.executable;
  return untouched ? known.content : null;
}

/**
 * The name of node N shows the object of node M, whose old name is gone. If N's own object is alive elsewhere, ids win
 * (swap, ring, chain of renames): M moves here and N is found where it went. Otherwise N takes M's content as an edit
 * and M is gone with N as its successor (`mv a b`).
 */
function retakenByKnown(
  state: State,
  row: ObservedNode,
  known: ObservedNode,
  sighting: Sighting,
  effects: SightingEffects,
): void {
  const sameKind = row.kind === known.kind;
  if (row.kind === 'folder' || !sameKind || effects.aliveElsewhere(row, known)) {
    displace(state, row, effects);
    state.local.move(known.node, sighting.parent, sighting.name);
    refreshMoved(state, known, sighting);
    if (known.kind === 'folder') effects.listFolder(known.node);
    return;
  }
  const content = contentAfterRename(known, sighting.stamp);
  state.local.remove(known.node);
  state.setSuccessor(known.node, row.node);
  state.local.put(row.node, row.parent, row.name, sighting.stamp, content);
}

/** An unknown object under a known name: an edit by replacement, unless it is another kind of thing. */
function retakenByNewcomer(
  state: State,
  row: ObservedNode,
  kind: NodeKind,
  sighting: Sighting,
  effects: SightingEffects,
): void {
  if (row.kind === kind && kind !== 'folder') {
    state.local.put(row.node, row.parent, row.name, sighting.stamp, null);
    return;
  }
  if (row.kind === 'folder' && kind === 'folder') {
    // Another folder under the same name: the name keeps its node; what is in it is compared.
    state.local.put(row.node, row.parent, row.name, sighting.stamp, null, {
      condition: row.condition === 'leftover' ? 'leftover' : 'seen',
    });
    effects.listFolder(row.node);
    return;
  }
  displace(state, row, effects);
  appear(state, sighting, kind, effects);
}

/** The node is no longer at its name: its row stays, out of the way, until it is found or known to be gone. */
function displace(state: State, row: ObservedNode, effects: SightingEffects): void {
  state.local.displace(row.node, row.parent);
  effects.lookFor(row.node);
}

/** What is in a moved folder is looked at under its new path: hints about it may have named the old one. */
function moveHere(state: State, known: ObservedNode, sighting: Sighting, effects: SightingEffects): void {
  state.local.move(known.node, sighting.parent, sighting.name);
  if (known.kind === 'folder') effects.listFolder(known.node);
}

function appear(state: State, sighting: Sighting, kind: NodeKind, effects: SightingEffects): void {
  const node = effects.nodeOf(sighting, kind);
  state.local.put(node, sighting.parent, sighting.name, sighting.stamp, null);
  if (sighting.stamp.kind === 'folder') effects.listFolder(node);
}
