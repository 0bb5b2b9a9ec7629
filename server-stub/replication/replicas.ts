/** Second copies, as far as requests are concerned: written before the answer, or noted as missing. */
import type { ChunkId, TenantId } from '../../src/protocol/ids.ts';
import type { ChunkLocation, ChunkStore, ChunkToStore, StoredChunk } from '../chunks/chunk-store.ts';
import type { ChunkSites } from '../chunks/sites.ts';
import type { MetadataStore, ReadTx, WriteTx } from '../metadata/metadata-store.ts';

/** `same-site`: the second copy is there before the answer. `cross-site`: it follows. */
export const REPLICA_MODES = ['same-site', 'cross-site'] as const;
export type ReplicaMode = (typeof REPLICA_MODES)[number];

/** A debt this old is trouble, and not just the next round of the job. */
const TROUBLE_MS: Readonly<Record<ReplicaMode, number>> = {
  'same-site': 10 * 60_000,
  'cross-site': 3_600_000,
};

export class Replicas {
  readonly mode: ReplicaMode;
  readonly #sites: ChunkSites;
  readonly #store: ChunkStore;

  constructor(sites: ChunkSites, store: ChunkStore, mode: ReplicaMode) {
    this.#sites = sites;
    this.#store = store;
    this.mode = mode;
  }

  isReachable(): Promise<boolean> {
    return this.#sites.reachable().then((sites) => sites.includes('replica'));
  }

  /** Where each second copy is now; null: there is none yet. Never fails: what is missing is noted, and follows. */
  async put(chunks: readonly ChunkToStore[]): Promise<readonly (ChunkLocation | null)[]> {
    if (this.mode === 'cross-site' || chunks.length === 0) return chunks.map(() => null);
    const outcomes = await this.#store.put(chunks);
    return chunks.map((_, i) => {
      const outcome = outcomes[i];
      return outcome?.kind === 'stored' ? outcome.location : null;
    });
  }

  /** In the transaction that names the first copy. Answers the second copy that is not needed after all, or null. */
  async note(
    tx: WriteTx,
    chunk: { readonly tenant: TenantId; readonly id: ChunkId },
    location: ChunkLocation | null,
    now: number,
  ): Promise<StoredChunk | null> {
    if (location === null) {
      if ((await tx.replica(chunk)) === null) await tx.noteDebt(chunk, now);
      return null;
    }
    if (!(await tx.addReplica(chunk, location))) return { ...chunk, location };
    await tx.endDebt(chunk);
    return null;
  }

  /** null: every chunk has both copies, or will have soon. Otherwise what is wrong, in a few words. */
  async trouble(store: MetadataStore, now: number): Promise<string | null> {
    const { debts, oldest } = await store.read(async (tx: ReadTx) => tx.replicaFigures());
    if (!(await this.isReachable())) return `the second store cannot be reached; ${debts} chunks wait for it`;
    if (oldest === null || now - oldest < TROUBLE_MS[this.mode]) return null;
    return `${debts} chunks have one copy only`;
  }
}
