/**
 * What only old versions use goes to the cold store. A round sees what heads use, then looks at every chunk: one that no
 * head was seen to use for the hot window moves. Lived hours count, from the first look on; what is asked for, pinned,
 * idle or damaged is left alone. A head that finds its chunk cold after all asks it back.
 */
import { Type } from 'typebox';
import { decodeManifest, isInvalidManifest } from '../../src/core/manifest/manifest.ts';
import { parseChunkId, parseManifestId, parseTenantId } from '../../src/protocol/ids.ts';
import { type ChunkSites, siteOf } from '../chunks/sites.ts';
import { moveVerified } from '../cold/move-verified.ts';
import type { ChunkHeat } from '../metadata/cold-rows.ts';
import type { ChunkKey } from '../metadata/collection-rows.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';
import type { Waits } from '../server-limits.ts';
import { eraseCopies } from './erase-copies.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';

/** Lived hours between two rounds. */
const DAY = 24;
/** Of one step. */
const MANIFESTS = 50;
const MARKS = 500;
const LOOKED_AT = 200;
const MOVED = 64;
const BYTES = 8 * 1024 * 1024;

const State = Type.Object({
  pass: Type.Union([Type.Literal('mark'), Type.Literal('look'), Type.Literal('erase')]),
  after: Type.Union([Type.Object({ tenant: Type.String(), id: Type.String() }), Type.Null()]),
});
type Place = Type.Static<typeof State>['after'];
const readState = stateReader('cooling', State);

export function coolingJob(chunks: ChunkSites, waits: Pick<Waits, 'hourMs' | 'coldHours'>): Job {
  return {
    name: 'cooling',
    everyMs: DAY * waits.hourMs,
    step: async (context, state) => {
      for (const name of ['stop-cooling', 'empty-cold', 'stop-destructive-gc'] as const)
        if (await context.isOn(name)) return { kind: 'done', said: 'nothing is moved: switched off' };
      if (!(await chunks.reachable()).includes('cold'))
        return { kind: 'done', said: 'the cold store cannot be reached' };
      const { pass, after } = state === null ? { pass: 'mark' as const, after: null } : readState(state);
      if (pass === 'mark') return mark(context, after);
      return pass === 'look' ? look(context, chunks, after, waits.coldHours) : erase(context, chunks);
    },
  };
}

function goOn(pass: 'mark' | 'look' | 'erase', last: Place, said: string): Step {
  const after = last && { tenant: last.tenant, id: last.id };
  return { kind: 'more', state: JSON.stringify({ pass, after }), said };
}

async function mark(context: JobContext, after: Place): Promise<Step> {
  const from = after && { tenant: parseTenantId(after.tenant), id: parseManifestId(after.id) };
  const page = await context.read(async (tx) => tx.headManifests(from, MANIFESTS));
  const used: ChunkKey[] = [];
  for (const { tenant, id, encoded } of page) {
    const manifest = decodeManifest(encoded);
    if (!isInvalidManifest(manifest)) {
      for (const chunk of manifest.chunks) used.push({ tenant, id: chunk.id });
      continue;
    }
    // Nobody knows what it uses: nothing moves until it is mended.
    const why = `manifest ${id} cannot be read: ${manifest.why}`;
    await context.write((tx) => context.decide(tx, `manifest ${id}`, 'cooling stopped', why));
    return { kind: 'stopped', why };
  }
  for (let at = 0; at < used.length; at += MARKS)
    await context.write(async (tx) => {
      const hour = await hourOf(tx);
      for (const each of used.slice(at, at + MARKS)) {
        await tx.setHot(each, hour);
        const row = await tx.chunk(each.tenant, each.id);
        if (row !== null && siteOf(row.location) === 'cold') await tx.askThaw(each, context.now());
      }
    });
  const last = page.at(-1);
  return page.length < MANIFESTS || last === undefined
    ? goOn('look', null, 'what heads use is known')
    : goOn('mark', last, 'looks at what heads use');
}

async function look(context: JobContext, chunks: ChunkSites, after: Place, coldHours: number): Promise<Step> {
  const from = after && { tenant: parseTenantId(after.tenant), id: parseChunkId(after.id) };
  const { hour, page } = await context.read(async (tx) => ({
    hour: await hourOf(tx),
    page: await tx.chunkHeats(from, LOOKED_AT),
  }));
  const unseen = page.filter(({ hotHour }) => hotHour === null);
  if (unseen.length > 0)
    await context.write(async (tx) => {
      for (const chunk of unseen) await tx.setHot(chunk, hour);
    });
  const isCool = ({ location, hotHour, isBusy }: ChunkHeat) =>
    siteOf(location) === 'hot' && !isBusy && hotHour !== null && hour - hotHour >= coldHours;
  const { cool, last } = firstOf(page, isCool);
  const { count, isRefused } = await moveVerified(context, chunks, cool, {
    to: 'cold',
    isWanted: async (tx, chunk) => {
      const heat = await tx.chunkHeat(chunk);
      return heat !== null && isCool(heat);
    },
    moved: (tx, chunk, to) =>
      context.decide(
        tx,
        `chunk ${chunk.id}`,
        'cold',
        `no head used it for ${coldHours} lived hours; it is at ${to}`,
      ),
  });
  if (isRefused) return { kind: 'stopped', why: 'the cold store does not keep what is copied there' };
  return last === null
    ? goOn('erase', null, 'every chunk was looked at')
    : goOn('look', last, `${count} chunks went to the cold store`);
}

/** As many as fit into one step, and where the next goes on; null: this was all. */
function firstOf(page: readonly ChunkHeat[], isCool: (chunk: ChunkHeat) => boolean) {
  const cool: ChunkHeat[] = [];
  let bytes = 0;
  for (const [i, chunk] of page.entries()) {
    if (!isCool(chunk)) continue;
    bytes += chunk.size;
    if (cool.length > 0 && (cool.length >= MOVED || bytes > BYTES))
      return { cool, last: page[i - 1] ?? null };
    cool.push(chunk);
  }
  return { cool, last: page.length < LOOKED_AT ? null : (page.at(-1) ?? null) };
}

async function hourOf(tx: Pick<WriteTx, 'livedHours'>): Promise<number> {
  return (await tx.livedHours())?.hours ?? 0;
}

async function erase(context: JobContext, chunks: ChunkSites): Promise<Step> {
  const erased = await eraseCopies(context, chunks);
  if (erased === 0) return { kind: 'done', said: 'what no head uses is in the cold store' };
  return goOn('erase', null, `${erased} copies erased`);
}
