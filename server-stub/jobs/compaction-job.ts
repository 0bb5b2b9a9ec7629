/**
 * Gives space back: a heap of which more than half is erased is emptied. What lives in it is stored once more, then the
 * rows name the new copies, then the old ones are erased, and with the last of them the heap goes. A row is moved only if
 * it still names the old copy, so nothing here overtakes anybody; a copy that a crash left without a row is an orphan.
 */
import { Type } from 'typebox';
import { parseChunkLocation, type StoredChunk } from '../chunks/chunk-store.ts';
import { type ChunkSites, siteOf } from '../chunks/sites.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';
import type { Waits } from '../server-limits.ts';
import { eraseCopies } from './erase-copies.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';

/** Lived hours between two rounds. */
const DAY = 24;
/** Of one step: at most some 8 MiB. */
const MOVED = 32;

const Place = Type.Union([Type.String(), Type.Null()]);
const State = Type.Object({
  pass: Type.Union([Type.Literal('weigh'), Type.Literal('move'), Type.Literal('erase')]),
  heap: Place,
  /** The last copy of the heap that was looked at; null: none yet. */
  after: Place,
});
type Position = Type.Static<typeof State>;
const readState = stateReader('compaction', State);
const BEGIN: Position = { pass: 'weigh', heap: null, after: null };

export function compactionJob(chunks: ChunkSites, { hourMs }: Pick<Waits, 'hourMs'>): Job {
  return {
    name: 'compaction',
    everyMs: DAY * hourMs,
    step: async (context, state) => {
      if (await context.isOn('stop-destructive-gc'))
        return { kind: 'done', said: 'nothing is moved: switched off' };
      const { pass, heap, after } = state === null ? BEGIN : readState(state);
      if (pass === 'weigh' || heap === null) return weigh(context, chunks, heap);
      return pass === 'move' ? move(context, chunks, heap, after) : erase(context, chunks, heap);
    },
  };
}

function goOn(pass: Position['pass'], heap: string, after: string | null, said: string): Step {
  return { kind: 'more', state: JSON.stringify({ pass, heap, after }), said };
}

/** Is the next heap worth emptying? */
async function weigh(context: JobContext, chunks: ChunkSites, last: string | null): Promise<Step> {
  const [heap] = await chunks.heaps(last, 1);
  if (heap === undefined) return { kind: 'done', said: 'every heap was weighed' };
  const use = await chunks.heapUse(heap);
  if (use === null || use.liveBytes * 2 >= use.bytes)
    return goOn('weigh', heap, null, `heap ${heap} is left as it is`);
  const why = `${use.liveBytes} of its ${use.bytes} bytes are wanted`;
  await context.write((tx) => context.decide(tx, `heap ${heap}`, 'compacted', why));
  return goOn('move', heap, null, `heap ${heap} is emptied: ${why}`);
}

async function move(
  context: JobContext,
  chunks: ChunkSites,
  heap: string,
  after: string | null,
): Promise<Step> {
  // What lives in a heap stays in the store of the heap.
  const site = chunks.at(siteOf(heap));
  if (site === null) return { kind: 'stopped', why: `the store of heap ${heap} is not there` };
  const page = await chunks.list(after === null ? null : parseChunkLocation(after), MOVED, heap);
  const named = await namedOf(context, page);
  const read = await chunks.get(named);
  // What does not open is left where it is, and its heap with it: that is not decided here.
  const whole = named.flatMap((copy, i) => {
    const outcome = read[i];
    return outcome?.kind === 'ok' ? [{ copy, bytes: outcome.bytes }] : [];
  });
  const stored = await site.put(whole.map(({ copy, bytes }) => ({ ...copy, bytes })));
  const moves = whole.flatMap(({ copy }, i) => {
    const outcome = stored[i];
    return outcome?.kind === 'stored' ? [{ copy, to: outcome.location }] : [];
  });
  if (moves.length < whole.length) return { kind: 'stopped', why: `copies of heap ${heap} cannot be stored` };
  const superfluous = await context.write(async (tx) => {
    const left: StoredChunk[] = [];
    for (const { copy, to } of moves)
      if (!(await moveCopy(tx, copy, to))) left.push({ ...copy, location: to });
    return left;
  });
  if (superfluous.length > 0) await chunks.erase(superfluous);
  const last = page.at(-1);
  return page.length < MOVED || last === undefined
    ? goOn('erase', heap, null, `what lives in heap ${heap} is elsewhere`)
    : goOn('move', heap, last.location, `heap ${heap} is emptied up to ${last.location}`);
}

function moveCopy(tx: WriteTx, copy: StoredChunk, to: string) {
  return siteOf(copy.location) === 'replica'
    ? tx.moveReplica(copy, copy.location, to)
    : tx.moveChunk(copy, copy.location, to);
}

/** Those that their rows name. */
async function namedOf({ read }: JobContext, page: readonly StoredChunk[]): Promise<readonly StoredChunk[]> {
  const isNamed = await read((tx) =>
    Promise.all(
      page.map(async (copy) => {
        if ((await tx.copyState(copy)) !== 'named') return false;
        if (siteOf(copy.location) === 'replica') return (await tx.replica(copy)) === copy.location;
        return (await tx.chunk(copy.tenant, copy.id))?.location === copy.location;
      }),
    ),
  );
  return page.filter((_, i) => isNamed[i]);
}

async function erase(context: JobContext, chunks: ChunkSites, heap: string): Promise<Step> {
  const erased = await eraseCopies(context, chunks);
  if (erased > 0) return goOn('erase', heap, null, `${erased} copies erased`);
  return goOn('weigh', heap, null, `heap ${heap} is done`);
}
