/** Conflicts as objects: what clashed, from which ancestor, and why. */
import { pathIn } from '../../../src/core/names/path-parts.ts';
import type { ConflictId, NodeId, VersionId } from '../../../src/protocol/ids.ts';
import type { ConflictCause } from '../../../src/protocol/journal.ts';
import { PathReader } from '../../journal/places.ts';
import type { ConflictRow, NodeRow } from '../rows.ts';
import type { Scope } from './scope.ts';

/** An edit that reached us this long after it was made was made without a connection. */
const OFFLINE_AFTER_MS = 60_000;
/** Clocks of devices may be this far apart before their times are taken for an order. */
const CLOCK_SKEW_MS = 2_000;

interface Clash {
  readonly cause: ConflictCause;
  readonly original: NodeId;
  readonly copy: NodeId;
  readonly ancestor: VersionId | null;
  readonly originalVersion: VersionId | null;
  readonly copyVersion: VersionId | null;
  /** Where the copy is about to stand. */
  readonly copyAt: { readonly parent: NodeId; readonly name: string };
}

export async function openConflict(scope: Scope, { copyAt, ...clash }: Clash): Promise<ConflictRow> {
  const row: ConflictRow = {
    id: scope.freshConflict(),
    status: 'open',
    ...clash,
    device: scope.caller.device,
    at: scope.now,
    originalPath: await pathOf(scope, clash.original),
    copyPath: pathIn(await pathOf(scope, copyAt.parent), copyAt.name),
    resolution: null,
    settlement: null,
  };
  await scope.tx.addConflict(scope.ns, row);
  return row;
}

/** A conflict with the nodes of both its sides as they are now; null when there is none of this id. */
export async function conflictSides(
  scope: Scope,
  id: ConflictId,
): Promise<{ readonly conflict: ConflictRow; readonly original: NodeRow; readonly copy: NodeRow } | null> {
  const conflict = await scope.tx.conflict(scope.ns, id);
  if (conflict === null) return null;
  const original = await scope.tx.node(scope.ns, conflict.original);
  const copy = await scope.tx.node(scope.ns, conflict.copy);
  return original === null || copy === null ? null : { conflict, original, copy };
}

async function pathOf(scope: Scope, id: NodeId): Promise<string> {
  const node = await scope.tx.node(scope.ns, id);
  return node === null ? '' : new PathReader(scope.tx, scope.ns).pathOf(node);
}

/**
 * Two files wanted one name: `copy` is the later and stands under an attributed one. Nothing to settle where a folder
 * is involved, or where nothing clashed.
 */
export async function nameClash(
  scope: Scope,
  holder: NodeRow | null,
  copy: { readonly id: NodeId; readonly kind: NodeRow['kind']; readonly head: VersionId | null },
  copyAt: Clash['copyAt'],
): Promise<ConflictRow | null> {
  if (holder === null || holder.kind === 'folder' || copy.kind === 'folder') return null;
  return openConflict(scope, {
    cause: 'name-clash',
    original: holder.id,
    copy: copy.id,
    ancestor: null,
    originalVersion: holder.head,
    copyVersion: copy.head,
    copyAt,
  });
}

/**
 * Why a stale edit was stale, for people and statistics. `supersededAt` is when its base ceased to be the head. Times of
 * devices are compared with times of the server here; nothing but the label depends on it.
 * Long on its way: offline. Made after the newer head was there: this device had not been told (our lag). Else both
 * were at it at once.
 */
export function staleCause(now: number, editedAt: number, supersededAt: number | null): ConflictCause {
  if (now - editedAt > OFFLINE_AFTER_MS) return 'offline';
  if (supersededAt !== null && editedAt > supersededAt + CLOCK_SKEW_MS) return 'lag';
  return 'concurrent';
}
