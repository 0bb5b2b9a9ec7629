/** The bytes of copies whose rows are gone, or name another copy. */
import { parseChunkLocation } from '../chunks/chunk-store.ts';
import type { ChunkSites, SiteName } from '../chunks/sites.ts';
import type { JobContext } from './job.ts';

/** Of one step. */
const ERASED = 50;

/**
 * Ended again after a crash: an erased copy is erased once more, which does nothing. Answers how many there were. What is
 * in a store that cannot be reached waits for it, and holds up nothing else.
 */
export async function eraseCopies(context: JobContext, chunks: ChunkSites): Promise<number> {
  for (const site of await chunks.reachable()) {
    const erased = await eraseAt(context, chunks, site);
    if (erased > 0) return erased;
  }
  return 0;
}

async function eraseAt(context: JobContext, chunks: ChunkSites, site: SiteName): Promise<number> {
  // Asked for and listed in one view: what a hold that begins later finds missing was given up before it.
  const page = await context.read(async (tx) =>
    (await tx.isErasureHeld(context.now())) ? [] : tx.erasures(ERASED, site),
  );
  if (page.length === 0) return 0;
  await chunks.erase(page.map((each) => ({ ...each, location: parseChunkLocation(each.location) })));
  await context.write(async (tx) => {
    for (const each of page) await tx.endErasure(each);
  });
  return page.length;
}
