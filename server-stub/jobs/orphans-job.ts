/**
 * Copies that no row names: what an upload, or a move, left behind when it was cut short. Seen once, they are noted; a day
 * of lived hours later, still without a row, their bytes go. A copy of a tenant that this database does not know is left
 * alone: then it is more likely the database that is not the right one.
 */
import { Type } from 'typebox';
import { parseChunkLocation } from '../chunks/chunk-store.ts';
import type { ChunkSites } from '../chunks/sites.ts';
import type { Waits } from '../server-limits.ts';
import { eraseCopies } from './erase-copies.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';

/** Lived hours between two rounds. */
const DAY = 24;
const LOOKED_AT = 200;
const TAKEN = 100;

const State = Type.Object({
  pass: Type.Union([Type.Literal('look'), Type.Literal('take'), Type.Literal('erase')]),
  after: Type.Union([Type.String(), Type.Null()]),
});
const readState = stateReader('orphans', State);

export function orphansJob(chunks: ChunkSites, waits: Waits): Job {
  return {
    name: 'orphans',
    everyMs: DAY * waits.hourMs,
    step: async (context, state) => {
      if (state === null) return look(context, chunks, null);
      const { pass, after } = readState(state);
      switch (pass) {
        case 'look':
          return look(context, chunks, after);
        case 'take':
          return take(context, waits);
        case 'erase': {
          const erased = await eraseCopies(context, chunks);
          if (erased === 0) return { kind: 'done', said: 'nothing is left to erase' };
          return goOn('erase', null, `${erased} copies erased`);
        }
      }
    },
  };
}

function goOn(pass: 'look' | 'take' | 'erase', after: string | null, said: string): Step {
  return { kind: 'more', state: JSON.stringify({ pass, after }), said };
}

async function look(context: JobContext, chunks: ChunkSites, after: string | null): Promise<Step> {
  const page = await chunks.list(after === null ? null : parseChunkLocation(after), LOOKED_AT);
  const states = await context.read((tx) => Promise.all(page.map((copy) => tx.copyState(copy))));
  const unnamed = page.filter((_, i) => states[i] === 'unnamed');
  if (unnamed.length > 0)
    await context.write(async (tx) => {
      const hour = (await tx.livedHours())?.hours ?? 0;
      for (const copy of unnamed) await tx.noteOrphan(copy, hour);
    });
  const last = page.at(-1);
  return page.length < LOOKED_AT || last === undefined
    ? goOn('take', null, 'every copy was looked at')
    : goOn('look', last.location, `looked at copies up to ${last.location}`);
}

async function take(context: JobContext, { orphanHours }: Waits): Promise<Step> {
  if (await context.isOn('stop-destructive-gc'))
    return { kind: 'done', said: 'nothing is taken: switched off' };
  const taken = await context.write(async (tx) => {
    const hour = (await tx.livedHours())?.hours ?? 0;
    const page = await tx.orphans(hour - orphanHours, TAKEN);
    for (const copy of page) {
      if (!(await tx.beginOrphanErasure(copy))) continue;
      const why = `no row named the copy at ${copy.location} for ${orphanHours} lived hours`;
      await context.decide(tx, `chunk ${copy.id}`, 'orphan erased', why);
    }
    return page.length;
  });
  return taken < TAKEN
    ? goOn('erase', null, 'orphans are judged')
    : goOn('take', null, `${taken} orphans judged`);
}
