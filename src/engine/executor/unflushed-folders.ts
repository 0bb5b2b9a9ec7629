/**
 * Folders in which names were changed and not flushed yet. Before the state commits durably, they are: otherwise a power
 * cut leaves a state that knows of a move, a new folder or a removal which the disk has forgotten, and what the disk shows
 * is then taken for the user's doing (RULES 20).
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { RelPath } from '../environment/disk.ts';
import type { State } from '../state/state.ts';
import type { Flusher } from './flusher.ts';

export class UnflushedFolders {
  private readonly state: State;
  private readonly flusher: Flusher;
  private readonly folders = new Set<NodeId>();
  private flushing: Promise<void> | null = null;

  constructor(state: State, flusher: Flusher) {
    this.state = state;
    this.flusher = flusher;
  }

  add(folder: NodeId): void {
    this.folders.add(folder);
  }

  /** Whatever was added until it ends is flushed: nothing comes between its end and what waited for it. */
  async flush(): Promise<void> {
    while (this.flushing !== null || this.folders.size > 0) {
      this.flushing ??= this.flushOnce().finally(() => {
        this.flushing = null;
      });
      await this.flushing;
    }
  }

  private async flushOnce(): Promise<void> {
    const paths = new Set([...this.folders].map((folder) => this.standing(folder)));
    this.folders.clear();
    // Gone meanwhile: what removed it noted the folder that it stood in.
    await this.flusher.folders([...paths]);
  }

  /** Where it stands now; of a folder that is gone, what it stood in. */
  private standing(folder: NodeId): RelPath {
    const { local, synced, remote } = this.state;
    const seen = new Set<NodeId>();
    for (let at: NodeId | undefined = folder; at !== undefined && !seen.has(at); ) {
      const path = this.state.pathOf(at);
      if (path !== null) return path;
      seen.add(at);
      at = (local.get(at) ?? synced.get(at) ?? remote.get(at))?.parent;
    }
    return '';
  }
}
