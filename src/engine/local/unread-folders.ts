/**
 * Folders that could not be listed are listed again, after growing pauses: a disk that failed once gives no hint when it
 * works again, and the next full scan may be a quarter of an hour away.
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { Clock } from '../environment/environment.ts';

const FIRST_MS = 1000;
const MOST_MS = 5 * 60_000;

interface Unread {
  readonly tries: number;
  readonly cancel: () => void;
}

export class UnreadFolders {
  private readonly clock: Clock;
  private readonly listAgain: (folder: NodeId) => void;
  private readonly folders = new Map<NodeId, Unread>();

  constructor(clock: Clock, listAgain: (folder: NodeId) => void) {
    this.clock = clock;
    this.listAgain = listAgain;
  }

  failed(folder: NodeId): void {
    const known = this.folders.get(folder);
    known?.cancel();
    const tries = (known?.tries ?? 0) + 1;
    const ms = Math.min(MOST_MS, FIRST_MS * 2 ** (tries - 1));
    this.folders.set(folder, { tries, cancel: this.clock.after(ms, () => this.listAgain(folder)) });
  }

  succeeded(folder: NodeId): void {
    this.folders.get(folder)?.cancel();
    this.folders.delete(folder);
  }

  close(): void {
    for (const { cancel } of this.folders.values()) cancel();
    this.folders.clear();
  }
}
