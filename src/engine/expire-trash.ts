/**
 * What lies in the trash goes after thirty days, by a clock that may be wrong. One that was set ahead for a while must
 * cost nobody the only copy of a save (F043): it has to say the same look after look before anything is erased.
 */
import type { Context } from './executor/context.ts';
import { TRASH_KEPT_MS } from './state/trash-table.ts';

/** Looks are at least an hour apart. */
export const LOOKS = 24;

/** One look. Only what was due at the first look of the row goes at the last. */
export async function expireTrash({ state, env }: Context): Promise<void> {
  const { meta, trash } = state;
  const due = env.clock.now() - TRASH_KEPT_MS;
  if (trash.olderThan(due).length === 0) {
    meta.remove('trash-looks');
    return;
  }
  const looks = meta.number('trash-looks') + 1;
  const since = meta.number('trash-due');
  // The first look of all, or the clock went back behind the first one: it begins anew.
  if (looks === 1 || due < since) {
    meta.set('trash-due', String(due));
    meta.set('trash-looks', '1');
    return;
  }
  meta.set('trash-looks', String(looks));
  if (looks < LOOKS) return;
  const old = trash.olderThan(since);
  await env.disk.eraseTrash(old.map((item) => item.name));
  state.transaction(() => {
    for (const item of old) trash.remove(item.name);
    if (old.length === 0) meta.remove('trash-looks');
  });
}
