/** What engines count each for itself, told apart once it leaves them: places in a ledger, and batches of the trash. */
import { type Answer, ok, refused } from '../../ipc/contract.ts';
import type { Activity } from '../../ipc/events.ts';
import type { TrashRow } from '../../ipc/history.ts';
import { shownIn } from './outward.ts';
import type { Surface, Surfaces } from './surfaces.ts';

/** No ledger has so many rows. */
const ROWS = 2 ** 40;

export interface Counted<Id> {
  readonly surface: Surface;
  readonly id: Id;
}

export function activityId(surfaces: Surfaces, surface: Surface, id: number): number {
  return surfaces.numberOf(surface) * ROWS + id;
}

export function activityOfId(surfaces: Surfaces, id: number): Answer<Counted<number>> {
  const number = Math.floor(id / ROWS);
  const surface = surfaces.all().find((each) => surfaces.numberOf(each) === number);
  return surface ? ok({ surface, id: id % ROWS }) : refused('not-found');
}

/** As it leaves a share; the paths in its sentence are the user's already. */
export function activityOut(surfaces: Surfaces, surface: Surface, activity: Activity): Activity {
  if (surface.share === null) return activity;
  const { path, from } = activity;
  return {
    ...activity,
    id: activityId(surfaces, surface, activity.id),
    path: shownIn(surface.path, path),
    from: from === null ? null : shownIn(surface.path, from),
  };
}

export function batchId({ share }: Surface, batch: string): string {
  return share === null ? batch : `${share}/${batch}`;
}

export function batchOfId(surfaces: Surfaces, text: string): Answer<Counted<string>> {
  const cut = text.indexOf('/');
  const surface = surfaces.byShare(cut < 0 ? null : text.slice(0, cut));
  return surface ? ok({ surface, id: text.slice(cut + 1) }) : refused('not-found');
}

export function trashRowOut(surface: Surface, row: TrashRow): TrashRow {
  return { ...row, batch: row.batch === null ? null : batchId(surface, row.batch) };
}
