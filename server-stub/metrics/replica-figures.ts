/** Figures of the second store. */
import type { MetadataStore } from '../metadata/metadata-store.ts';
import type { Replicas } from '../replication/replicas.ts';
import { gauge } from './registry.ts';

export async function replicaFigures(store: MetadataStore, replicas: Replicas, now: number): Promise<string> {
  const { copies, debts, oldest, erasures } = await store.read(async (tx) => tx.replicaFigures());
  const isThere = await replicas.isReachable();
  const lag = oldest === null ? 0 : Math.max(0, now - oldest) / 1000;
  return [
    gauge('tidemark_replica_reachable', 'Whether the second store can be reached.', [
      { labels: { mode: replicas.mode }, value: isThere ? 1 : 0 },
    ]),
    gauge('tidemark_replica_chunks', 'Chunks by whether they have a second copy.', [
      { labels: { state: 'copied' }, value: copies },
      { labels: { state: 'missing' }, value: debts },
    ]),
    gauge('tidemark_replica_lag_seconds', 'For how long the oldest chunk waits for its second copy.', [
      { value: lag },
    ]),
    gauge('tidemark_replica_erasures', 'Second copies that are to be erased, and are not yet.', [
      { value: erasures },
    ]),
  ].join('');
}
