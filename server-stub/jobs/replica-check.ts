/** Both copies of a chunk, verified together: what is damaged in one store is copied anew from the other. */
import { type ChunkToStore, parseChunkLocation, type StoredChunk } from '../chunks/chunk-store.ts';
import type { ChunkSites } from '../chunks/sites.ts';
import type { StoredCopy } from '../metadata/collection-rows.ts';
import { faultsOf, isSuspicious } from './faulty-copies.ts';
import type { JobContext } from './job.ts';

/** Chunks that were set apart as damaged, stored anew where their second copies are whole; how many. */
export async function mendFromReplicas(
  context: JobContext,
  chunks: ChunkSites,
  damaged: readonly StoredCopy[],
): Promise<number> {
  if (damaged.length === 0 || chunks.at('replica') === null) return 0;
  const seconds = await secondsOf(context, damaged);
  const read = await chunks.get(seconds);
  const whole = seconds.flatMap(({ tenant, id }, i): readonly ChunkToStore[] => {
    const outcome = read[i];
    return outcome?.kind === 'ok' ? [{ tenant, id, bytes: outcome.bytes }] : [];
  });
  const stored = await chunks.put(whole);
  let mended = 0;
  for (const [i, { tenant, id, bytes }] of whole.entries()) {
    const outcome = stored[i];
    if (outcome?.kind !== 'stored') continue;
    const isNamed = await context.write(async (tx) => {
      // Only if it is still damaged: a device may have been quicker.
      const row = await tx.chunk(tenant, id);
      if (row === null || row.damagedAt === null) return false;
      if (!(await tx.addChunk(tenant, id, outcome.location, bytes.length, context.now()))) return false;
      const why = `copied anew from the second store, to ${outcome.location}`;
      await context.decide(tx, `chunk ${id}`, 'repaired', why);
      return true;
    });
    if (isNamed) mended += 1;
    else await chunks.erase([{ tenant, id, location: outcome.location }]);
  }
  return mended;
}

/** Second copies of these chunks: what is damaged is let go and copied anew; what is missing is noted. */
export async function checkReplicas(
  context: JobContext,
  chunks: ChunkSites,
  page: readonly StoredCopy[],
): Promise<void> {
  if (page.length === 0 || !(await chunks.reachable()).includes('replica')) return;
  const seconds = await secondsOf(context, page);
  const faults = await faultsOf(chunks, seconds);
  if (isSuspicious(faults.length, seconds.length)) {
    const why = `${faults.length} of ${seconds.length} second copies cannot be read: is the disk there?`;
    await context.write((tx) => context.decide(tx, 'second store', 'check stopped', why));
    return;
  }
  const has = new Set(seconds.map(({ tenant, id }) => `${tenant} ${id}`));
  await context.write(async (tx) => {
    const now = context.now();
    for (const { copy, outcome } of faults) {
      if (outcome.kind === 'failed' || (await tx.replica(copy)) !== copy.location) continue;
      await tx.dropReplica(copy);
      await tx.noteDebt(copy, now);
      const why = outcome.kind === 'damaged' ? outcome.why : 'it is gone';
      await context.decide(
        tx,
        `chunk ${copy.id}`,
        'second copy damaged',
        `the one at ${copy.location}: ${why}`,
      );
    }
    for (const copy of page) {
      if (has.has(`${copy.tenant} ${copy.id}`) || (await tx.replica(copy)) !== null) continue;
      if ((await tx.chunk(copy.tenant, copy.id)) !== null) await tx.noteDebt(copy, now);
    }
  });
}

async function secondsOf(
  { read }: JobContext,
  copies: readonly StoredCopy[],
): Promise<readonly StoredChunk[]> {
  return read(async (tx) => {
    const found: StoredChunk[] = [];
    for (const { tenant, id } of copies) {
      const location = await tx.replica({ tenant, id });
      if (location !== null) found.push({ tenant, id, location: parseChunkLocation(location) });
    }
    return found;
  });
}
