/**
 * Takes the bytes that nothing wants any more. Liveness is derived, never counted: a round marks every chunk of every
 * kept manifest; what is neither marked nor asked for meanwhile is idle. Idle for a grace of lived hours: quarantined,
 * still readable; quarantined for a week of them: erased. Whoever asks for a chunk takes it out of all that in the same
 * transaction, so no step here can overtake a commit (RULES 27).
 */
import { Type } from 'typebox';
import { decodeManifest, isInvalidManifest } from '../../src/core/manifest/manifest.ts';
import { parseChunkId, parseManifestId } from '../../src/protocol/ids.ts';
import type { ChunkSites } from '../chunks/sites.ts';
import type { ChunkKey, IdleChunk } from '../metadata/collection-rows.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';
import type { Waits } from '../server-limits.ts';
import { eraseCopies } from './erase-copies.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';

/** Of one step: a write of some milliseconds. */
const MANIFESTS = 50;
const MARKS = 500;
const CHUNKS = 200;

const State = Type.Object({
  pass: Type.Union([Type.Literal('mark'), Type.Literal('sweep'), Type.Literal('erase')]),
  /** The last manifest, or chunk, that was looked at; null: none yet. */
  after: Type.Union([Type.String(), Type.Null()]),
});
const readState = stateReader('collection', State);

export function collectionJob(chunks: ChunkSites, waits: Waits): Job {
  return {
    name: 'collection',
    everyMs: waits.collectionHours * waits.hourMs,
    step: async (context, state) => {
      // What was begun is ended, also by a runner that finds it after a crash.
      if (state === null) return begin(context);
      const { pass, after } = readState(state);
      switch (pass) {
        case 'mark':
          return mark(context, after);
        case 'sweep':
          return sweep(context, after, waits);
        case 'erase':
          return erase(context, chunks);
      }
    },
  };
}

function goOn(pass: 'mark' | 'sweep' | 'erase', after: string | null, said: string): Step {
  return { kind: 'more', state: JSON.stringify({ pass, after }), said };
}

async function begin({ write }: JobContext): Promise<Step> {
  await write(async (tx) => tx.beginCollection(), 'with-the-next');
  return goOn('mark', null, 'looks through what is kept');
}

async function mark(context: JobContext, after: string | null): Promise<Step> {
  const from = after === null ? null : parseManifestId(after);
  const page = await context.read(async (tx) => tx.keptManifests(from, MANIFESTS));
  const wanted: ChunkKey[] = [];
  for (const { id, tenant, encoded } of page) {
    const manifest = decodeManifest(encoded);
    if (!isInvalidManifest(manifest)) {
      for (const chunk of manifest.chunks) wanted.push({ tenant, id: chunk.id });
      continue;
    }
    // Nobody knows what it wants: nothing at all may go until it is mended.
    const why = `manifest ${id} cannot be read: ${manifest.why}`;
    await context.write((tx) => context.decide(tx, `manifest ${id}`, 'collection stopped', why));
    return { kind: 'stopped', why };
  }
  await markAll(context, wanted);
  const last = page.at(-1);
  if (page.length >= MANIFESTS && last !== undefined) return goOn('mark', last.id, `marked up to ${last.id}`);
  await context.write(async (tx) => tx.forgetIdle((await tx.collection()).round), 'with-the-next');
  return goOn('sweep', null, 'everything that is wanted is marked');
}

/**
 * Of many small files together: a commit for each would cost more than all its marks. A power cut takes marks only
 * together with the word of how far they got; whatever is judged by them is flushed, and they before it.
 */
async function markAll({ write }: JobContext, wanted: readonly ChunkKey[]): Promise<void> {
  for (let from = 0; from < wanted.length; from += MARKS)
    await write(async (tx) => {
      const { round } = await tx.collection();
      for (const chunk of wanted.slice(from, from + MARKS)) await tx.markChunk(chunk, round);
    }, 'with-the-next');
}

/** Looked at and judged in one transaction: what is wanted by then is not on the list. */
async function sweep(context: JobContext, after: string | null, waits: Waits): Promise<Step> {
  const from = after === null ? null : parseChunkId(after);
  if (await context.isOn('stop-destructive-gc'))
    return { kind: 'done', said: 'nothing is taken: switched off' };
  const last = await context.write(async (tx) => {
    const hour = (await tx.livedHours())?.hours ?? 0;
    const { sample } = await tx.collection();
    const page = await tx.idleChunks(from, CHUNKS);
    for (const chunk of page) await judge(context, tx, chunk, { hour, sample, waits });
    return page.length < CHUNKS ? null : (page.at(-1)?.id ?? null);
  });
  return last === null
    ? goOn('erase', null, 'idle chunks are judged')
    : goOn('sweep', last, `judged up to ${last}`);
}

async function judge(
  context: JobContext,
  tx: WriteTx,
  chunk: IdleChunk,
  { hour, sample, waits }: { readonly hour: number; readonly sample: number; readonly waits: Waits },
): Promise<void> {
  const { id, idleHour, quarantineHour, size } = chunk;
  const subject = `chunk ${id}`;
  if (idleHour === null) {
    await tx.setIdle(chunk, hour);
    await context.decide(tx, subject, 'idle', `no kept version needs its ${size} bytes`);
    return;
  }
  if (Number.parseInt(id.slice(0, 2), 16) >= sample) return;
  if (quarantineHour === null) {
    if (hour - idleHour < waits.idleHours) return;
    await tx.quarantineChunk(chunk, context.now(), hour);
    await context.decide(tx, subject, 'quarantined', `idle for ${hour - idleHour} lived hours`);
  } else if (hour - quarantineHour >= waits.quarantineHours && (await tx.beginErasure(chunk))) {
    // In the same transaction: the second copy was never kept for longer than the first, nor for less.
    await tx.dropReplica(chunk);
    await tx.endDebt(chunk);
    await context.decide(tx, subject, 'erased', `in quarantine for ${hour - quarantineHour} lived hours`);
  }
}

async function erase(context: JobContext, chunks: ChunkSites): Promise<Step> {
  const erased = await eraseCopies(context, chunks);
  if (erased === 0) return { kind: 'done', said: 'nothing is left to erase' };
  return goOn('erase', null, `${erased} copies erased`);
}
