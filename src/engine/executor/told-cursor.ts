/**
 * The cursor as the server is told it: what it names as applied stays applied. Were it only in memory, a device whose
 * power was cut would look like one that was put back from a copy (RULES 20).
 */
import type { Cursor } from '../../protocol/journal.ts';
import { durably } from '../state/database.ts';
import type { State } from '../state/state.ts';
import type { UnflushedFolders } from './unflushed-folders.ts';

export class ToldCursor {
  private readonly state: State;
  private readonly unflushed: UnflushedFolders;
  private flushed: string | null = null;

  constructor(state: State, unflushed: UnflushedFolders) {
    this.state = state;
    this.unflushed = unflushed;
  }

  /** The state was just committed durably, whatever for. */
  noteFlushed(): void {
    this.flushed = this.state.meta.get('cursor');
  }

  async flush(): Promise<Cursor | null> {
    const { db, meta } = this.state;
    while (meta.get('cursor') !== this.flushed) {
      await this.unflushed.flush();
      if (!db.open) break;
      durably(db, () => meta.setCursor(meta.cursor()));
      this.noteFlushed();
    }
    return meta.cursor();
  }
}
