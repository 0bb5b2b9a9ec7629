/**
 * A chunk's way from one store to another. Copied, durable, read back where it lies now, and only then named by its row;
 * in that same transaction the old copy is noted to be erased. A copy that a crash left without a row is an orphan.
 */
import { type ChunkToStore, parseChunkLocation, type StoredChunk } from '../chunks/chunk-store.ts';
import type { ChunkSites, SiteName } from '../chunks/sites.ts';
import type { JobContext } from '../jobs/job.ts';
import type { Erasure } from '../metadata/collection-rows.ts';
import type { WriteTx } from '../metadata/metadata-store.ts';

export interface Move {
  readonly to: SiteName;
  /** Asked in the transaction that moves it, right before: false, it stays where it is. */
  readonly isWanted: (tx: WriteTx, chunk: Erasure) => Promise<boolean>;
  /** In the same transaction, once it has moved. */
  readonly moved: (tx: WriteTx, chunk: Erasure, to: string) => Promise<void>;
}

/** How many moved; `isRefused`: the store does not take copies, or does not keep them. */
export async function moveVerified(
  context: JobContext,
  chunks: ChunkSites,
  copies: readonly Erasure[],
  { to, isWanted, moved }: Move,
): Promise<{ readonly count: number; readonly isRefused: boolean }> {
  if (copies.length === 0) return { count: 0, isRefused: false };
  const read = await chunks.get(
    copies.map((copy) => ({ ...copy, location: parseChunkLocation(copy.location) })),
  );
  // What does not open is the scrub's to judge.
  const whole = copies.flatMap(
    (copy, i): readonly { readonly copy: Erasure; readonly bytes: Uint8Array }[] => {
      const outcome = read[i];
      return outcome?.kind === 'ok' ? [{ copy, bytes: outcome.bytes }] : [];
    },
  );
  const put = whole.map(({ copy: { tenant, id }, bytes }): ChunkToStore => ({ tenant, id, bytes }));
  const stored = (await chunks.at(to)?.put(put)) ?? [];
  const copied = whole.flatMap(
    ({ copy }, i): readonly { readonly copy: Erasure; readonly there: StoredChunk }[] => {
      const outcome = stored[i];
      return outcome?.kind === 'stored' ? [{ copy, there: { ...copy, location: outcome.location } }] : [];
    },
  );
  const back = await chunks.get(copied.map(({ there }) => there));
  const verified = copied.filter((_, i) => back[i]?.kind === 'ok');
  const named = new Set<StoredChunk>();
  await context.write(async (tx) => {
    for (const { copy, there } of verified) {
      if (!(await isWanted(tx, copy)) || !(await tx.moveChunk(copy, copy.location, there.location))) continue;
      await moved(tx, copy, there.location);
      named.add(there);
    }
  });
  const superfluous = copied.flatMap(({ there }) => (named.has(there) ? [] : [there]));
  if (superfluous.length > 0) await chunks.erase(superfluous);
  return { count: named.size, isRefused: verified.length < whole.length };
}
