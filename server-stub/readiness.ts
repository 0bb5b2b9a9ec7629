/** Whether the server can take and keep something now: it tries. What it answers names no path and no file. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type MasterKeySource, openMasterKey } from './chunks/folder/master-key.ts';
import type { DataFolder } from './data-folder.ts';
import type { ServerClock, ServerLog } from './exchange.ts';
import type { MetadataStore } from './metadata/metadata-store.ts';

/** null: it can. Otherwise what it cannot, in a few words. */
export type Readiness = () => Promise<string | null>;

/** Each try costs a flush or two: however often it is asked for, it is made no more often than this. */
const KEPT_MS = 2000;

export function storeReadiness(store: MetadataStore, clock: ServerClock): Readiness {
  return async () => {
    await store.write(async (tx) => tx.touchProbe(clock.now()));
    return null;
  };
}

async function writeProbe(folder: string): Promise<void> {
  const path = join(folder, '.ready');
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile('ready\n');
    await file.sync();
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

export function folderReadiness(
  parts: { readonly store: MetadataStore; readonly clock: ServerClock; readonly log: ServerLog },
  folder: DataFolder,
  masterKey: MasterKeySource | undefined,
): Readiness {
  const { store, clock, log } = parts;
  const checks: Readonly<Record<string, () => Promise<unknown>>> = {
    'the database cannot be written': storeReadiness(store, clock),
    'the chunk folder cannot be written': () => writeProbe(folder.chunks),
    'the master key is not the right one': () => openMasterKey(folder.keys, true, masterKey),
  };
  let last: { readonly at: number; readonly answer: Promise<string | null> } | null = null;
  const look = async () => {
    for (const [trouble, check] of Object.entries(checks)) {
      try {
        await check();
      } catch (cause) {
        log('error', 'the server is not ready', { trouble, cause: String(cause) });
        return trouble;
      }
    }
    return null;
  };
  return () => {
    const now = clock.monotonic();
    if (last === null || now - last.at >= KEPT_MS) last = { at: now, answer: look() };
    return last.answer;
  };
}
