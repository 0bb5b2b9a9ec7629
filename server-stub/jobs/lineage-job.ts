/**
 * Writes down, behind requests, under which names and in which changes each node appears, and which changes each device
 * made: what is asked afterwards is found there. A change waits for it at most as long as a round is away; whoever asks
 * is told how far it has read.
 */
import { foldKey } from '../../src/core/names/fold.ts';
import type { Job } from './job.ts';

/** Names are cut into all their groups of three letters: some 20 µs each, in a transaction of a few milliseconds. */
const ROWS = 200;

export const lineageJob: Job = {
  name: 'lineage',
  everyMs: 15_000,
  step: async ({ read, write }) => {
    const found = await read(async (tx) => {
      const unread = await tx.unreadJournal();
      if (unread === null) return null;
      const rows = await tx.changesAfter(unread.namespace, unread.after, ROWS);
      // A journal without rows behind the mark was cut off up to its head.
      const head = (await tx.namespace(unread.namespace))?.headSeq ?? unread.after;
      return { namespace: unread.namespace, rows, upTo: rows.at(-1)?.seq ?? head };
    });
    if (found === null) return { kind: 'done', said: 'every change can be found by its names' };
    const changes = found.rows.map((row) => ({ ...row, folded: foldKey(row.name) }));
    await write(async (tx) => tx.noteChanges(found.namespace, changes, found.upTo));
    return { kind: 'more', state: 'reading', said: `${changes.length} changes read` };
  },
};
