/** Which name a node gets in a folder: the one it wants, or an attributed one if other content stands there. */
import { clashName, conflictName } from '../../../src/core/conflict/conflict-name.ts';
import { nfcKey } from '../../../src/core/names/fold.ts';
import { checkName } from '../../../src/core/names/valid-name.ts';
import type { NodeId } from '../../../src/protocol/ids.ts';
import type { NodeRow } from '../rows.ts';
import type { Scope } from './scope.ts';

export interface Placed {
  readonly name: string;
  readonly nameKey: string;
  /** The live node that holds the wanted name. */
  readonly holder: NodeRow | null;
}

/** Why a name may not stand in a tree; null if it may. */
export function nameFault(name: string): string | null {
  const check = checkName(name);
  return check.kind === 'ok' ? null : check.sentence;
}

/** Finds room for `self` (null: a new node) in a live folder. */
export async function placeIn(
  scope: Scope,
  folder: NodeId,
  wanted: string,
  self: NodeId | null,
  editedAt: number,
): Promise<Placed> {
  const nameKey = nfcKey(wanted);
  const holder = await scope.tx.liveAt(scope.ns, folder, nameKey);
  if (holder === null || holder.id === self) return { name: wanted, nameKey, holder: null };
  const { deviceName: device, userName: user } = scope.caller;
  const name = await firstFree(scope, folder, self, (taken) =>
    clashName({ name: wanted, device, user, at: editedAt, taken }),
  );
  return { name, nameKey: nfcKey(name), holder };
}

/** A free name for the conflict copy of a stale edit, beside the file that won. */
export async function copyName(
  scope: Scope,
  folder: NodeId,
  original: string,
  versionNumber: number | null,
  editedAt: number,
): Promise<string> {
  const { deviceName: device, userName: user } = scope.caller;
  return firstFree(scope, folder, null, (taken) =>
    conflictName({ name: original, device, user, at: editedAt, versionNumber, taken }),
  );
}

/** Names are made by a pure function that asks what is taken: it is asked again as the store answers. */
async function firstFree(
  scope: Scope,
  folder: NodeId,
  self: NodeId | null,
  make: (taken: (candidate: string) => boolean) => string,
): Promise<string> {
  const taken = new Set<string>();
  for (;;) {
    const candidate = make((name) => taken.has(name));
    const holder = await scope.tx.liveAt(scope.ns, folder, nfcKey(candidate));
    if (holder === null || holder.id === self) return candidate;
    taken.add(candidate);
  }
}
