/** What an operator does with the keys of a server that stands still. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type KeyChange, type Rewrapped, rewrapKeys, rotateDataKeys } from './chunks/folder/key-changes.ts';
import type { MasterKeySource } from './chunks/folder/master-key.ts';
import { existingDataFolder, lockDataFolder, openMetadataStore, reason } from './data-folder.ts';
import { realClock } from './real-effects.ts';
import { Refusal } from './refusal.ts';
import { tenantKeyRows } from './tenant-key-rows.ts';

export interface KeyOptions {
  readonly data: string;
  readonly masterKey: MasterKeySource;
  readonly dryRun: boolean;
}

/** Draws a new data key for every tenant; how many. Throws a Refusal where it cannot. */
export function rotateServerKeys(options: KeyOptions): Promise<number> {
  return withKeys(options, (change) => rotateDataKeys(change, () => realClock.now()));
}

/** Puts another master key (from the file `to`; null: a drawn one) in the place of the old one. */
export async function rewrapServerKeys(options: KeyOptions, to: string | null): Promise<Rewrapped> {
  const text = to === null ? null : await readKey(to);
  return withKeys(options, (change) => rewrapKeys(change, text));
}

async function withKeys<T>(options: KeyOptions, work: (change: KeyChange) => Promise<T>): Promise<T> {
  const folder = await existingDataFolder(resolve(options.data));
  const unlock = lockDataFolder(folder);
  try {
    const store = await openMetadataStore(folder);
    try {
      const rows = tenantKeyRows(store, () => realClock.now());
      const { masterKey: source, dryRun } = options;
      return await work({ keyFolder: folder.keys, rows, source, dryRun });
    } finally {
      await store.close();
    }
  } finally {
    unlock();
  }
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Refusal(`The new master key ${path} cannot be read (${reason(cause)}).`);
  }
}
