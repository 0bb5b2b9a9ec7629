/** Live events for subscribers: the status when it changes, and what was done, from the ledger. */
import type { Result } from '../../ipc/contract.ts';
import type { Activity, EngineEvent } from '../../ipc/events.ts';
import type { Engine } from '../engine.ts';
import type { LedgerEntry } from '../state/ledger.ts';

const PACE_MS = 250;
const ACTIVITIES = 200;

const VERBS: Readonly<
  Record<string, { readonly verb: Activity['verb']; readonly direction: Activity['direction'] }>
> = {
  uploaded: { verb: 'edited', direction: 'sent' },
  deleted: { verb: 'deleted', direction: 'sent' },
  moved: { verb: 'moved', direction: 'sent' },
  downloaded: { verb: 'created', direction: 'received' },
  updated: { verb: 'edited', direction: 'received' },
  removed: { verb: 'deleted', direction: 'received' },
  'moved here': { verb: 'moved', direction: 'received' },
  'folder made': { verb: 'created', direction: 'received' },
  'folder removed': { verb: 'deleted', direction: 'received' },
  conflict: { verb: 'conflict', direction: 'here' },
  kept: { verb: 'restored', direction: 'here' },
};

export class LiveEvents {
  private readonly engine: Engine;
  private readonly status: () => Result<'status'>;
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private timer: (() => void) | null = null;
  private told = '';
  private seen = 0;
  private unhear: (() => void) | null = null;

  constructor(engine: Engine, status: () => Result<'status'>) {
    this.engine = engine;
    this.status = status;
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    if (!this.unhear) {
      this.seen = this.engine.state.ledger.lastId();
      this.unhear = this.engine.onChange(() => this.soon());
    }
    this.soon();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.unhear?.();
      this.unhear = null;
      this.told = '';
    };
  }

  private soon(): void {
    this.timer ??= this.engine.parts.env.clock.after(PACE_MS, () => {
      this.timer = null;
      this.tell();
    });
  }

  private tell(): void {
    if (this.listeners.size === 0) return;
    const at = Math.floor(this.engine.parts.env.clock.now());
    const fresh = this.engine.state.ledger.after(this.seen, ACTIVITIES);
    for (const { id, entry } of fresh) {
      this.seen = id;
      const activity = this.activityOf(entry);
      if (activity) this.emit(activity);
    }
    if (fresh.length === ACTIVITIES) this.soon();
    const status = this.status();
    const words = `${status.state} ${status.sentence} ${status.conflicts} ${status.problems}`;
    if (words === this.told) return;
    this.told = words;
    this.emit({ kind: 'status', at, status });
  }

  private activityOf(entry: LedgerEntry): Activity | null {
    const known = VERBS[entry.verb];
    if (!known) return null;
    const { account } = this.engine.parts;
    return {
      kind: 'activity',
      at: entry.at,
      ...known,
      path: entry.path,
      from: null,
      device: account.device,
      user: account.user,
      number: null,
      size: null,
      sentence: `${entry.path}: ${entry.verb}.`,
    };
  }

  private emit(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
