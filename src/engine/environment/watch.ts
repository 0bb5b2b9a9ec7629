import type { RelPath } from './disk.ts';

/**
 * A hint where to look, never a fact. `child` names one entry of the folder when the watcher knew it; without it the
 * folder is to be listed. `lost` says that hints may be missing: everything is to be scanned.
 */
export type Hint =
  | { readonly kind: 'look'; readonly folder: RelPath; readonly child: string | null }
  | { readonly kind: 'lost'; readonly why: string };

export interface Watch {
  /** Begins watching the root; hints arrive in batches. Resolves once hints of the root itself are live. */
  start(onHints: (hints: readonly Hint[]) => void): Promise<void>;
  /**
   * Folders found by scans (the watcher may already know them) and folders that are gone. `listed` says when the scan
   * lists them: 'after' the addition has resolved leaves no gap; 'before' (the default) leaves one, and a folder that
   * changed shortly before it was added gets a hint.
   */
  addFolders(folders: readonly RelPath[], listed?: 'before' | 'after'): void | Promise<void>;
  removeFolders(folders: readonly RelPath[]): void;
  /** Resolves when the hints of everything that had happened by now were handed over. Absent: nobody can know. */
  flush?(): Promise<void>;
  /** True when watching is complete; false with a reason when scans on a timer must stand in. */
  health(): { readonly complete: boolean; readonly why: string };
  close(): Promise<void>;
}
