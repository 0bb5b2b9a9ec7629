/**
 * Chunks that the first store lost, back from the second, while the server stands still. The rows say what is wanted, and
 * where the second copies were; what a restored database does not know of them is found by looking through the store.
 */
import { resolve } from 'node:path';
import {
  type ChunkStore,
  type ChunkToStore,
  parseChunkLocation,
  type StoredChunk,
} from '../chunks/chunk-store.ts';
import type { MasterKeySource } from '../chunks/folder/master-key.ts';
import { alwaysThere, type ChunkSites } from '../chunks/sites.ts';
import { type DataFolder, existingDataFolder, lockDataFolder, openMetadataStore } from '../data-folder.ts';
import { faultsOf, withinBytes } from '../jobs/faulty-copies.ts';
import type { JobContext } from '../jobs/job.ts';
import { mendFromReplicas } from '../jobs/replica-check.ts';
import type { ChunkKey } from '../metadata/collection-rows.ts';
import type { MetadataStore } from '../metadata/metadata-store.ts';
import { realClock } from '../real-effects.ts';
import { Refusal } from '../refusal.ts';
import { coldFolder, openStandingStore, openStandingStores } from '../side-stores.ts';
import { adoptFolder, markIn } from './side-folder.ts';

export interface RebuildOptions {
  readonly data: string;
  readonly replica: string;
  readonly masterKey: MasterKeySource;
}

export interface Rebuilt {
  readonly chunks: number;
  /** Not whole in the first store, and now again. */
  readonly broughtBack: number;
  /** In neither store. */
  readonly missing: number;
}

const PAGE = 200;
const EVERY_ID = ['', 'g'] as const;

/** May be cut short and done again: what is whole stays as it is. Throws a Refusal where it cannot be done. */
export function rebuildFromReplica({ data, replica, masterKey }: RebuildOptions): Promise<Rebuilt> {
  return whileItStands(data, (store, folder) => rebuild(store, folder, resolve(replica), masterKey));
}

/** The second store is gone for good: whichever is given next is a new one. Answers how many copies were in it. */
export function forgetReplicas(data: string): Promise<number> {
  return whileItStands(data, (store) =>
    store.write(async (tx) => {
      const { copies } = await tx.replicaFigures();
      await tx.forgetReplicas();
      await tx.setSite('replica', null);
      return copies;
    }),
  );
}

async function whileItStands<T>(
  data: string,
  work: (store: MetadataStore, folder: DataFolder) => Promise<T>,
): Promise<T> {
  const folder = await existingDataFolder(resolve(data));
  const unlock = lockDataFolder(folder);
  try {
    const store = await openMetadataStore(folder);
    try {
      return await work(store, folder);
    } finally {
      await store.close();
    }
  } finally {
    unlock();
  }
}

async function rebuild(
  store: MetadataStore,
  folder: DataFolder,
  replica: string,
  masterKey: MasterKeySource,
): Promise<Rebuilt> {
  if ((await markIn(replica, 'replica')) === null)
    throw new Refusal(`${replica} is no second store of a server, or its disk is not there.`);
  await adoptFolder(store, replica, 'replica');
  // A cold store that is not there is lost like the first: what was in it comes back into the first. Rows of what did not
  // come back still name it, also once it is forgotten.
  const cold = await coldFolder(store);
  const isColdLost = cold?.kind === 'away';
  const parts = { folder, store, masterKey };
  const second = alwaysThere(await openStandingStore(parts, replica));
  try {
    const sites = await openStandingStores(parts, {
      replica: second,
      ...(cold?.kind === 'there' ? {} : { cold: alwaysThere(lostStore) }),
    });
    try {
      const rebuilt = await bringBack(contextOf(store), sites);
      if (isColdLost) await store.write(async (tx) => tx.forgetCold());
      return rebuilt;
    } finally {
      await sites.at('cold')?.close();
      await sites.at('hot')?.close();
    }
  } finally {
    await second.close();
  }
}

/** Nothing stands in it. */
const lostStore: ChunkStore = {
  put: async (chunks) => chunks.map(() => ({ kind: 'failed', why: 'disk-error', detail: 'it is lost' })),
  get: async (chunks) => chunks.map(() => ({ kind: 'absent' })),
  erase: async () => {},
  stat: async () => ({ kind: 'absent' }),
  list: async () => [],
  heaps: async () => [],
  heapUse: async () => null,
  close: async () => {},
};

function contextOf(store: MetadataStore): JobContext {
  return {
    read: (fn) => store.read(fn),
    write: (fn, durable) => store.write(fn, durable),
    decide: async (tx, subject, decision, why) => {
      await tx.addDecision({ at: realClock.now(), job: 'rebuild', subject, decision, why });
    },
    isOn: async () => false,
    now: () => realClock.now(),
  };
}

async function bringBack(context: JobContext, sites: ChunkSites): Promise<Rebuilt> {
  let chunks = 0;
  let broughtBack = 0;
  let lost = 0;
  let after: ChunkKey | null = null;
  for (;;) {
    const from: ChunkKey | null = after;
    const found = await context.read(async (tx) => tx.chunksBetween(...EVERY_ID, from, PAGE));
    const page = withinBytes(found);
    const faults = await faultsOf(sites, page);
    const unread = faults.find(({ outcome }) => outcome.kind === 'failed');
    if (unread?.outcome.kind === 'failed')
      throw new Refusal(`The chunk store cannot be read (${unread.outcome.detail}).`);
    await context.write(async (tx) => {
      for (const { copy } of faults) await tx.setDamaged(copy, context.now());
    });
    const damaged = faults.map(({ copy }) => copy);
    const mended = await mendFromReplicas(context, sites, damaged);
    chunks += page.length;
    broughtBack += mended;
    lost += damaged.length - mended;
    after = page.at(-1) ?? null;
    if (page.length === found.length && found.length < PAGE) break;
  }
  const known = lost === 0 ? 0 : await lookThrough(context, sites);
  return { chunks, broughtBack: broughtBack + known, missing: lost - known };
}

/** Second copies that no row names, of chunks that are damaged. */
async function lookThrough(context: JobContext, sites: ChunkSites): Promise<number> {
  const replica = sites.at('replica');
  let found = 0;
  let last: StoredChunk | null = null;
  for (;;) {
    const page: readonly StoredChunk[] = (await replica?.list(last?.location ?? null, PAGE)) ?? [];
    for (const copy of page) found += await takeBack(context, sites, copy);
    last = page.at(-1) ?? null;
    if (page.length < PAGE) return found;
  }
}

async function takeBack(context: JobContext, sites: ChunkSites, copy: StoredChunk): Promise<0 | 1> {
  const { tenant, id } = copy;
  const isWanted = await context.read(async (tx) => {
    if ((await tx.copyState(copy)) === 'unknown') return false;
    return ((await tx.chunk(tenant, id))?.damagedAt ?? null) !== null;
  });
  if (!isWanted) return 0;
  const [read] = await sites.get([copy]);
  if (read?.kind !== 'ok') return 0;
  const chunk: ChunkToStore = { tenant, id, bytes: read.bytes };
  const [stored] = await sites.put([chunk]);
  if (stored?.kind !== 'stored') throw new Refusal('The chunk store does not take what is brought back.');
  await context.write(async (tx) => {
    await tx.addChunk(tenant, id, stored.location, read.bytes.length, context.now());
    await tx.dropReplica(copy);
    await tx.addReplica(copy, parseChunkLocation(copy.location));
    await context.decide(tx, `chunk ${id}`, 'repaired', `brought back from ${copy.location}`);
  });
  return 1;
}
