/**
 * What came out of an exchange (RULES 18). Expected: the version last agreed on, erased if nobody can still write to it.
 * Anything else is a save by the user in that window: it goes back to its path and counts as an edit on the old base.
 */

import { sameContent } from '../../protocol/content.ts';
import type { Placed, Stamp } from '../environment/disk.ts';
import type { Context } from './context.ts';
import type { Arrival } from './download-lane.ts';
import { keepInTrash } from './keep-in-trash.ts';

/** What an exchange brought out of the path of an arrival. */
export interface Displaced {
  readonly arrival: Arrival;
  readonly out: Stamp;
}

/**
 * Old versions that were swapped out: erased, unless somebody may still be writing to them through an open descriptor.
 * Nobody writes through one to a link. Answers with those that the disk kept from being put away.
 */
export async function discardDisplaced(
  context: Context,
  displaced: readonly Displaced[],
): Promise<readonly Arrival[]> {
  const free: string[] = [];
  const left: Arrival[] = [];
  for (const { arrival, out } of displaced) {
    if (out.kind === 'symlink' || !(await context.env.disk.maybeOpenElsewhere(arrival.staged)))
      free.push(arrival.staged);
    else if (!(await keepInTrash(context, arrival, 'still open in another program while it was updated')))
      left.push(arrival);
  }
  if (free.length > 0) await context.env.disk.eraseStaged(free);
  return left;
}

/** The stamp differs, but the bytes may be those of the agreed version (or already those of the new one). */
export async function isKnownContent(context: Context, arrival: Arrival): Promise<boolean> {
  const print = await context.env.disk.fingerprintReserved('staging', arrival.staged);
  if (print.kind !== 'fingerprint') return false;
  const content = {
    kind: 'file',
    manifest: print.manifestId,
    size: print.manifest.size,
    executable: print.stamp.executable,
  } as const;
  const agreed = context.state.synced.get(arrival.node);
  return (
    (agreed !== null && sameContent(content, agreed.content)) || sameContent(content, arrival.head.content)
  );
}

/**
 * Exchanges back; the synced tree was not advanced, so the save is an edit on the old base. Should the user have saved once more meanwhile, that newer save is what comes into our hand: it
 * belongs at the path, and the older one, superseded by its own author, goes to the trash. False: it still lies in staging.
 */
export async function giveBack(context: Context, arrival: Arrival, ours: Placed): Promise<boolean> {
  const { env, state, scanner } = context;
  const back = (await env.disk.place([{ staged: arrival.staged, path: arrival.path, mode: 'exchange' }]))[0];
  state.transaction(() => {
    context.record(
      arrival.node,
      'kept',
      'saved here while an update arrived: the save is kept and becomes an edit',
      arrival.path,
    );
  });
  // Without the intent, what lies in staging is taken for ours.
  context.unflushed.add(arrival.parent);
  scanner.lookAt(arrival.parent, arrival.name);
  if (back?.kind !== 'placed') return keepInTrash(context, arrival, 'saved while an update arrived');
  if (back.displaced === null || back.displaced.fileId === ours.stamp.fileId) {
    await env.disk.eraseStaged([arrival.staged]);
    return true;
  }
  const [again] = await env.disk.place([{ staged: arrival.staged, path: arrival.path, mode: 'exchange' }]);
  // Not exchanged again: the older save stands at the path, and the newer one is what goes to the trash.
  const which = again?.kind === 'placed' ? 'an earlier save, superseded' : 'a later save, kept apart';
  return keepInTrash(context, arrival, `${which} while an update arrived`);
}
