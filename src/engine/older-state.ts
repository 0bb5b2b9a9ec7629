/**
 * A state that was put back from an older copy between two starts: the number of starts does not show it, but the server
 * knows claims that it never made, or that it had applied more of the journal. What it agreed on, and is not on this disk, may have gone by our own hand and live
 * again: nobody's deletion. As in every merge, nothing is deleted for it.
 */

import { ROOT_NODE } from '../protocol/ids.ts';
import type { Cursor } from '../protocol/journal.ts';
import type { Context } from './executor/context.ts';
import { dropMove } from './executor/tree-intents.ts';
import { OLDER_STATE } from './state/claims-table.ts';
import { durably } from './state/database.ts';
import type { State } from './state/state.ts';

const WHY = 'the state is older than what the server knows of it';

type Told = Pick<Cursor, 'epoch' | 'seq'>;

/** `told`: how far this device has said that it had applied the journal, before it greeted with `cursor`. */
export function noteTold({ db, meta }: State, cursor: Cursor | null, told: Told | null): void {
  if (cursor === null || told === null || told.epoch !== cursor.epoch || told.seq <= cursor.seq) return;
  durably(db, () => meta.set(OLDER_STATE, 'yes'));
}

/**
 * May anything be planned? What the state knows and is not on the disk counts as deleted: after a power cut took it, and
 * in an older state, nothing is agreed on or told before all was looked at.
 */
export function readyToPlan(context: Context, folder: string, wasCut: boolean): boolean {
  const isOlder = context.state.meta.get(OLDER_STATE) === 'yes';
  if (context.scanner.lastScanAt === null) return !(wasCut || isOlder);
  if (isOlder) forgetAbsences(context, folder);
  return true;
}

/** What is not here comes down again, where it lives; what has moved out of it goes back to where the server has it. */
function forgetAbsences(context: Context, folder: string): void {
  const { state, env, record } = context;
  state.transaction(() => {
    const gone = new Set(state.synced.withoutLocal().map(({ node }) => node));
    for (const row of state.synced.below(ROOT_NODE)) {
      const isOut = !gone.has(row.node) && gone.has(row.parent);
      if (isOut && state.local.get(row.node)?.parked === false) dropMove(context, row.node, WHY);
    }
    for (const node of gone) {
      state.synced.remove(node);
      state.reviews.release(node);
      state.reviews.forgetApproval(node);
      state.forgetSuccessor(node);
      record(node, 'kept', WHY);
      state.frontier.add(node);
    }
    if (gone.size > 0) state.problems.noteMerge('root-restored', folder, env.clock.now());
    state.meta.set('union-merge', 'yes');
    state.meta.remove(OLDER_STATE);
  });
  env.log('warn', 'absences are not believed', { why: WHY });
}
