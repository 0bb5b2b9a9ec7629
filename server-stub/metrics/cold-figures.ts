/** Figures of the cold store. */
import type { ColdReading } from '../cold/cold-reading.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { gauge } from './registry.ts';

export async function coldFigures(store: MetadataStore, cold: ColdReading, now: number): Promise<string> {
  const { coldChunks, thaws, oldestThaw } = await store.read(async (tx) => tx.tierFigures());
  const waits = oldestThaw === null ? 0 : Math.max(0, now - oldestThaw) / 1000;
  return [
    gauge('tidemark_cold_reachable', 'Whether the cold store can be reached.', [
      { value: (await cold.isReachable()) ? 1 : 0 },
    ]),
    gauge('tidemark_cold_chunks', 'Chunks in the cold store.', [{ value: coldChunks }]),
    gauge('tidemark_thaws_waiting', 'Cold chunks that are asked for and not back yet.', [{ value: thaws }]),
    gauge('tidemark_thaw_wait_seconds', 'For how long the oldest of them waits.', [{ value: waits }]),
  ].join('');
}
