/** All workloads by name. */
import type { BenchRun } from './bench-run.ts';
import { largeFileEdits, smallEdits } from './workload-edits.ts';
import { manyFiles } from './workload-idle.ts';
import {
  deleteFolder,
  flatFolder,
  largeFile,
  mediumFiles,
  renameFolder,
  smallFiles,
} from './workload-trees.ts';

export interface Workload {
  readonly name: string;
  readonly about: string;
  /** Whether the other system is measured on it as well. */
  readonly withPeer: boolean;
  /** Each is measured on a pair of its own. */
  readonly parts: readonly ((run: BenchRun) => Promise<void>)[];
}

function workload(
  name: string,
  about: string,
  withPeer: boolean,
  ...parts: readonly ((run: BenchRun) => Promise<void>)[]
): Workload {
  return { name, about, withPeer, parts };
}

/** In the order they run: what deletes many files comes last, because ext4 creates files slowly for minutes then. */
export const WORKLOADS: readonly Workload[] = [
  workload('W1', '10,000 × 64 KiB', true, mediumFiles),
  workload('W1t', '50,000 × 1 KiB', true, smallFiles),
  workload('W2', '1 GiB', true, largeFile),
  workload('W3', '200 MiB and edits in it', true, largeFileEdits),
  workload('W5', '1,000 × 10 KiB', false, smallEdits),
  workload('W6', '100,000 × 100 B', false, manyFiles),
  workload(
    'W9',
    '50,000, then 100,000 × 100 B in one folder',
    false,
    flatFolder(50_000),
    flatFolder(100_000),
  ),
  workload('W4', '10,000 × 4 KiB', true, renameFolder),
  workload('W8', '10,000 × 4 KiB', true, deleteFolder),
];
