/** Opens the chunk stores beside the first, as far as they can be reached. */
import { resolve } from 'node:path';
import type { ChunkStore } from './chunks/chunk-store.ts';
import { openFolderChunkStore } from './chunks/folder/folder-chunk-store.ts';
import type { MasterKeySource } from './chunks/folder/master-key.ts';
import { reachableStore } from './chunks/reachable-store.ts';
import {
  alwaysThere,
  type ChunkSites,
  chunkSites,
  type SideSite,
  type SideStore,
  type SideStores,
} from './chunks/sites.ts';
import type { DataFolder } from './data-folder.ts';
import type { ServerLog } from './exchange.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';
import { checkApart, type ServerOptions } from './options.ts';
import { realClock } from './real-effects.ts';
import { Refusal } from './refusal.ts';
import { adoptFolder, markIn } from './replication/side-folder.ts';
import { tenantKeyRows } from './tenant-key-rows.ts';

export interface SideParts {
  readonly folder: DataFolder;
  readonly store: MetadataStore;
  readonly log: ServerLog;
  readonly masterKey: MasterKeySource | undefined;
  readonly lanes: number | undefined;
}

/** Throws a Refusal for a folder that is not this server's; one that is not there now is tried again later. */
export async function openSideStores(
  parts: SideParts,
  options: Pick<ServerOptions, 'replica' | 'cold'>,
): Promise<SideStores> {
  const { replica, cold } = options;
  checkApart({
    data: parts.folder.path,
    ...(replica === undefined ? {} : { replica: replica.folder }),
    ...(cold === undefined ? {} : { cold: cold.folder }),
  });
  // First: where something is in a cold store that was not named, nothing is opened at all.
  const coldest = await coldSide(parts, cold);
  return { ...coldest, ...(await replicaSide(parts, replica)) };
}

async function coldSide(parts: SideParts, cold: ServerOptions['cold']): Promise<SideStores> {
  if (cold !== undefined) return { cold: await openSide(parts, resolve(cold.folder), 'cold') };
  const { store } = parts;
  const known = await store.read(async (tx) => tx.site('cold'));
  if (known === null) return {};
  const inUse = await store.read(async (tx) => tx.usesCold());
  if (inUse)
    throw new Refusal(
      `A part of the old versions is in the cold store ${known.folder ?? ''}: start with --cold and its folder.`,
    );
  await store.write(async (tx) => tx.setSite('cold', null));
  return {};
}

async function replicaSide(parts: SideParts, replica: ServerOptions['replica']): Promise<SideStores> {
  const { store, log } = parts;
  if (replica === undefined) {
    const known = await store.read(async (tx) => tx.site('replica'));
    if (known === null) return {};
    log('warn', 'this server had a second store, and runs without it: new chunks get one copy');
    await store.write(async (tx) => tx.setSite('replica', { ...known, whole: false }));
    return {};
  }
  return { replica: await openSide(parts, resolve(replica.folder), 'replica') };
}

/**
 * The cold store of a server that stands still, or is looked at beside: where it was last. null: there is none.
 * `away`: there is one, and its folder is not there.
 */
export async function coldFolder(store: Pick<MetadataStore, 'read'>): Promise<ColdFolder | null> {
  const known = await store.read(async (tx) => tx.site('cold'));
  if (known === null) return null;
  const { folder, id } = known;
  if (folder === null || (await markIn(folder, 'cold')) !== id) return { kind: 'away', folder: folder ?? '' };
  return { kind: 'there', folder };
}

export interface StandingParts {
  readonly folder: DataFolder;
  readonly store: MetadataStore;
  readonly masterKey: MasterKeySource | undefined;
  readonly lanes?: number;
}

export function openStandingStore(
  { folder, store, masterKey, lanes }: StandingParts,
  chunks: string,
): Promise<ChunkStore> {
  const tenantKeys = tenantKeyRows(store, () => realClock.now());
  return openFolderChunkStore({ folder: chunks, keyFolder: folder.keys, masterKey, tenantKeys, lanes });
}

/** The stores of a server that is looked at beside it, as far as they are there: the first one, and the cold one. */
export async function openStandingStores(parts: StandingParts, sides: SideStores = {}): Promise<ChunkSites> {
  const hot = await openStandingStore(parts, parts.folder.chunks);
  try {
    const cold = await coldFolder(parts.store);
    if (cold?.kind !== 'there') return chunkSites(hot, sides);
    const side = alwaysThere(await openStandingStore(parts, cold.folder));
    return chunkSites(hot, { ...sides, cold: side });
  } catch (cause) {
    await hot.close();
    throw cause;
  }
}

export type ColdFolder =
  | { readonly kind: 'there'; readonly folder: string }
  | { readonly kind: 'away'; readonly folder: string };

export async function openSide(parts: SideParts, folder: string, site: SideSite): Promise<SideStore> {
  const id = await adoptFolder(parts.store, folder, site);
  const isOurs = async () => (await markIn(folder, site)) === id;
  const open = async (): Promise<ChunkStore | null> =>
    (await isOurs())
      ? openFolderChunkStore({
          folder,
          keyFolder: parts.folder.keys,
          masterKey: parts.masterKey,
          tenantKeys: tenantKeyRows(parts.store, () => realClock.now()),
          lanes: parts.lanes,
        })
      : null;
  return reachableStore({ name: site, open, isStill: isOurs, clock: realClock, log: parts.log });
}
