/** Where the files of chunks stand: `chunks/…` in the data folder, `cold/…` in the cold store. */
import { join } from 'node:path';
import type { ColdFolder } from '../side-stores.ts';

export interface ChunkFolders {
  /** Of the first store. */
  readonly chunks: string;
  /** null: there is none; `away`: its disk is not there now. */
  readonly cold: ColdFolder | null;
}

/** null: nobody knows. */
export function pathIn({ chunks, cold }: ChunkFolders, file: string): string | null {
  const [place = '', ...rest] = file.split('/');
  if (place === 'chunks') return join(chunks, ...rest);
  return cold?.kind === 'there' ? join(cold.folder, ...rest) : null;
}

/** Is this the path of a file with chunks? */
export function isOfChunks(file: string): boolean {
  return file.startsWith('chunks/') || isOfCold(file);
}

export function isOfCold(file: string): boolean {
  return file.startsWith('cold/');
}
