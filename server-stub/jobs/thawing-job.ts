/**
 * Cold chunks that were asked for come back: copied, read back, named, and then erased in the cold store. With the switch
 * `empty-cold` all of them are asked for.
 */
import { Type } from 'typebox';
import { parseChunkId, parseTenantId } from '../../src/protocol/ids.ts';
import { parseChunkLocation } from '../chunks/chunk-store.ts';
import { type ChunkSites, siteOf } from '../chunks/sites.ts';
import { moveVerified } from '../cold/move-verified.ts';
import type { ChunkKey, StoredCopy } from '../metadata/collection-rows.ts';
import type { Waits } from '../server-limits.ts';
import { faultsOf, withinBytes } from './faulty-copies.ts';
import { type Job, type JobContext, type Step, stateReader } from './job.ts';
import { mendFromReplicas } from './replica-check.ts';

/** Of one step. */
const CHUNKS = 64;
const LOOKED_AT = 50;

/** `isAsking`: not yet brought back, but asked for so far. */
const State = Type.Object({
  tenant: Type.String(),
  id: Type.String(),
  isAsking: Type.Optional(Type.Boolean()),
});
const readState = stateReader('thawing', State);

/** `delayMs`: how long the store takes until something in it can be read. */
export function thawingJob(chunks: ChunkSites, { hourMs }: Pick<Waits, 'hourMs'>, delayMs: number): Job {
  return {
    name: 'thawing',
    everyMs: hourMs / 120,
    step: async (context, state) => {
      if (!(await chunks.reachable()).includes('cold'))
        return { kind: 'done', said: 'the cold store cannot be reached' };
      const after = state === null ? null : readState(state);
      const from = after && { tenant: parseTenantId(after.tenant), id: parseChunkId(after.id) };
      const isAsking = after === null || after.isAsking === true;
      if (!isAsking || !(await context.isOn('empty-cold')))
        return thaw(context, chunks, delayMs, isAsking ? null : from);
      const last = await askForAll(context, from);
      if (last === null) return thaw(context, chunks, delayMs, null);
      const next = { tenant: last.tenant, id: last.id, isAsking: true };
      return { kind: 'more', state: JSON.stringify(next), said: 'asks for all that is cold' };
    },
  };
}

/** Where the next step goes on; null: everything cold is asked for. */
async function askForAll(context: JobContext, after: ChunkKey | null): Promise<ChunkKey | null> {
  return context.write(async (tx) => {
    const { coldChunks, thaws } = await tx.tierFigures();
    if (coldChunks <= thaws) return null;
    const page = await tx.chunkHeats(after, LOOKED_AT);
    for (const chunk of page) if (siteOf(chunk.location) === 'cold') await tx.askThaw(chunk, context.now());
    return page.length < LOOKED_AT ? null : (page.at(-1) ?? null);
  });
}

async function thaw(
  context: JobContext,
  chunks: ChunkSites,
  delayMs: number,
  after: ChunkKey | null,
): Promise<Step> {
  const { asked, cold, settled } = await nextOf(context, delayMs, after);
  const page = withinBytes(cold);
  const faults = (await faultsOf(chunks, page)).filter(({ outcome }) => outcome.kind !== 'failed');
  await context.write(async (tx) => {
    for (const chunk of settled) await tx.endThaw(chunk);
    for (const { copy, outcome } of faults) {
      // Set apart as the scrub does: asked for like a missing chunk, from the second store or a device.
      await tx.setDamaged(copy, context.now());
      await tx.endThaw(copy);
      const why = outcome.kind === 'damaged' ? outcome.why : 'it is gone';
      await context.decide(tx, `chunk ${copy.id}`, 'damaged', `the copy at ${copy.location}: ${why}`);
    }
  });
  await mendFromReplicas(
    context,
    chunks,
    faults.map(({ copy }) => copy),
  );
  const { count, isRefused } = await moveVerified(context, chunks, page, {
    to: 'hot',
    isWanted: async (tx, chunk) => (await tx.thaw(chunk)) !== null,
    moved: async (tx, chunk, to) => {
      await tx.setHot(chunk, (await tx.livedHours())?.hours ?? 0);
      await tx.endThaw(chunk);
      await context.decide(tx, `chunk ${chunk.id}`, 'thawed', `it was asked for; it is at ${to}`);
    },
  });
  if (isRefused) return { kind: 'stopped', why: 'the chunk store does not keep what is brought back' };
  const last = page.length < cold.length ? page.at(-1) : asked.at(-1);
  if (last === undefined || (asked.length < CHUNKS && page.length === cold.length))
    return { kind: 'done', said: 'what was asked for and can be read is back' };
  const state = JSON.stringify({ tenant: last.tenant, id: last.id });
  return { kind: 'more', state, said: `${count} chunks came back` };
}

/** The next that are asked for and may be read by now; `settled`: those that are not cold (any more). */
async function nextOf({ read, now }: JobContext, delayMs: number, after: ChunkKey | null) {
  return read(async (tx) => {
    const asked = await tx.thaws(now() - delayMs, after, CHUNKS);
    const cold: StoredCopy[] = [];
    const settled: ChunkKey[] = [];
    for (const { tenant, id } of asked) {
      const row = await tx.chunk(tenant, id);
      if (row === null || row.damagedAt !== null || siteOf(row.location) !== 'cold')
        settled.push({ tenant, id });
      else
        cold.push({
          tenant,
          id,
          location: parseChunkLocation(row.location),
          size: row.size,
          isDamaged: false,
        });
    }
    return { asked, cold, settled };
  });
}
