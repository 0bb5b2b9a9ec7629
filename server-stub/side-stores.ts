/** Opens the chunk stores beside the first, as far as they can be reached. */
import { resolve } from 'node:path';
import type { ChunkStore } from './chunks/chunk-store.ts';
import { openFolderChunkStore } from './chunks/folder/folder-chunk-store.ts';
import type { MasterKeySource } from './chunks/folder/master-key.ts';
import { reachableStore } from './chunks/reachable-store.ts';
import type { SideSite, SideStore, SideStores } from './chunks/sites.ts';
import type { DataFolder } from './data-folder.ts';
import type { ServerLog } from './exchange.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';
import { checkApart, type ServerOptions } from './options.ts';
import { realClock } from './real-effects.ts';
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
  options: Pick<ServerOptions, 'replica'>,
): Promise<SideStores> {
  const { store, log, folder } = parts;
  const { replica } = options;
  if (replica === undefined) {
    const known = await store.read(async (tx) => tx.site('replica'));
    if (known === null) return {};
    log('warn', 'this server had a second store, and runs without it: new chunks get one copy');
    await store.write(async (tx) => tx.setSite('replica', { ...known, whole: false }));
    return {};
  }
  checkApart({ data: folder.path, replica: replica.folder });
  return { replica: await openSide(parts, resolve(replica.folder), 'replica') };
}

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
