/** Live events for subscribers: the status when it changes, and what was done, from the ledger. */
import type { Result } from '../../ipc/contract.ts';
import type { EngineEvent } from '../../ipc/events.ts';
import type { Engine } from '../engine.ts';
import type { Surface, Surfaces } from '../shares/surfaces.ts';
import { activityOut } from '../shares/told-apart.ts';
import { activityOf } from './activity.ts';
import { TransferTicker, type TransferView } from './transfers.ts';

const PACE_MS = 250;
const AGAIN_MS = 2000;
const ACTIVITIES = 200;

export class LiveEvents {
  private readonly surfaces: Surfaces;
  private readonly engine: Engine;
  private readonly status: () => Result<'status'>;
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private timer: (() => void) | null = null;
  private told = '';
  /** The last of each ledger that was told; one that comes later is told from when it is first seen. */
  private readonly seen = new Map<string | null, number>();
  private unhear: (() => void) | null = null;
  private readonly transfers: TransferTicker;
  private readonly view: TransferView;

  constructor(surfaces: Surfaces, status: () => Result<'status'>, view: TransferView) {
    this.surfaces = surfaces;
    this.engine = surfaces.root.engine;
    this.view = view;
    this.status = status;
    this.transfers = new TransferTicker(this.engine, view, (event) => this.emit(event));
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    if (!this.unhear) {
      this.seen.clear();
      this.meetLedgers();
      this.unhear = this.engine.onChange(() => this.changed());
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

  private changed(): void {
    this.meetLedgers();
    // Of a share: its own beginning is not heard here.
    if (!this.view.quiet) this.transfers.wake();
    this.soon();
  }

  private meetLedgers(): void {
    for (const { share, engine } of this.surfaces.all())
      if (!this.seen.has(share) && engine.state.db.open) this.seen.set(share, engine.state.ledger.lastId());
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
    for (const surface of this.surfaces.all()) this.tellLedger(surface);
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

  private tellLedger(surface: Surface): void {
    const { share, engine } = surface;
    if (!engine.state.db.open) return;
    const fresh = engine.state.ledger.toldAfter(this.seen.get(share) ?? 0, ACTIVITIES);
    for (const row of fresh) {
      this.seen.set(share, row.id);
      this.emit(activityOut(this.surfaces, surface, activityOf(engine, row)));
    }
    if (fresh.length === ACTIVITIES) this.soon();
  }

  private emit(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
