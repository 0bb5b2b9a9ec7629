/** Live events for subscribers: the status when it changes, and what was done, from the ledger. */
import type { Result } from '../../ipc/contract.ts';
import type { EngineEvent } from '../../ipc/events.ts';
import type { Engine } from '../engine.ts';
import { activityOf } from './activity.ts';
import { TransferTicker, type TransferView } from './transfers.ts';

const PACE_MS = 250;
const AGAIN_MS = 2000;
const ACTIVITIES = 200;

export class LiveEvents {
  private readonly engine: Engine;
  private readonly status: () => Result<'status'>;
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private timer: (() => void) | null = null;
  private told = '';
  private seen = 0;
  private unhear: (() => void) | null = null;
  private readonly transfers: TransferTicker;

  constructor(engine: Engine, status: () => Result<'status'>, view: TransferView) {
    this.engine = engine;
    this.status = status;
    this.transfers = new TransferTicker(engine, view, (event) => this.emit(event));
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    if (!this.unhear) {
      this.seen = this.engine.state.ledger.lastId();
      this.unhear = this.engine.onChange(() => this.soon());
      this.engine.onPeers = () => this.transfers.wake();
      this.transfers.start();
    }
    this.soon();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.transfers.stop();
      this.unhear?.();
      this.unhear = null;
      this.told = '';
    };
  }

  private soon(ms = PACE_MS): void {
    this.timer ??= this.engine.parts.env.clock.after(ms, () => {
      this.timer = null;
      this.tell();
    });
  }

  private tell(): void {
    // Whoever stopped meanwhile has closed the state.
    if (this.listeners.size === 0 || !this.engine.state.db.open) return;
    const at = Math.floor(this.engine.parts.env.clock.now());
    const fresh = this.engine.state.ledger.toldAfter(this.seen, ACTIVITIES);
    for (const row of fresh) {
      this.seen = row.id;
      this.emit(activityOf(this.engine, row));
    }
    if (fresh.length === ACTIVITIES) this.soon();
    const status = this.status();
    const { state, sentence, conflicts, review, problems, problemList, pendingUploads, pendingDownloads } =
      status;
    // Time alone may change what is said: a change that waits for too long is late.
    if (state === 'syncing' || state === 'checking') this.soon(AGAIN_MS);
    // Notices are listed, but not counted as problems.
    const counts = [conflicts, review, problems, problemList.length, pendingUploads, pendingDownloads];
    const words = `${state} ${sentence} ${counts.join(' ')}`;
    if (words === this.told) return;
    this.told = words;
    this.emit({ kind: 'status', at, status });
  }

  private emit(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
