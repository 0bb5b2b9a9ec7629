/** What moves right now: files under way, rates over the last seconds, and how long it may take, when that is no guess. */
import type { Result } from '../../ipc/contract.ts';
import type { TransfersChanged } from '../../ipc/events.ts';
import type { Engine } from '../engine.ts';

type Transfers = Result<'transfers'>;

/** Files that are named; the rest is counted. */
const NAMED = 20;
/** Rates are of so long; an estimate needs them to have been alike for longer. */
const RATE_MS = 4000;
const ESTIMATE_MS = 8000;
/** Looks that are closer together tell nothing new. */
const LEAST_BETWEEN_MS = 100;
/** A rate that is off by more than this part makes the rest a guess. */
const STEADY = 0.25;
/** Of more waiting files nobody adds up the sizes. */
const MOST_WAITING = 5000;
const TICK_MS = 250;
const IDLE_TICK_MS = 1000;

interface Sample {
  readonly at: number;
  /** Bytes on the wire, and bytes of files brought over. */
  readonly wire: { readonly up: number; readonly down: number };
  readonly files: { readonly up: number; readonly down: number };
}

export class TransferView {
  private readonly engine: Engine;
  /** All whose files are told of, this one first. */
  private readonly engines: () => readonly Engine[];
  private samples: Sample[] = [];

  constructor(engine: Engine, engines: () => readonly Engine[] = () => [engine]) {
    this.engine = engine;
    this.engines = engines;
  }

  /** Nothing moves, and nobody else sends anything. */
  get quiet(): boolean {
    return this.count === 0 && this.peers().length === 0;
  }

  get count(): number {
    return this.engines().reduce((sum, { transfers }) => sum + transfers.count, 0);
  }

  look(): Transfers {
    this.sample();
    const files = this.engines()
      .flatMap(({ transfers, state, ready, shown }) =>
        transfers.list(NAMED).map(({ node, direction, done, total }) => ({
          node,
          path: ready ? shown(state.nameOf(node)) : '',
          direction,
          bytesDone: done,
          bytesTotal: total,
        })),
      )
      .slice(0, NAMED);
    const moves = (direction: 'up' | 'down') => files.some((each) => each.direction === direction);
    return {
      files,
      more: this.count - files.length,
      upRate: moves('up') ? Math.round(this.rate('wire', 'up', RATE_MS) ?? 0) : 0,
      downRate: moves('down') ? Math.round(this.rate('wire', 'down', RATE_MS) ?? 0) : 0,
      secondsLeft: this.count === 0 ? null : this.secondsLeft(),
      peers: this.peers(),
    };
  }

  private peers(): Transfers['peers'] {
    return this.engines()
      .flatMap(({ ready, connection, shown }) =>
        ready
          ? connection.peers.map((peer) => ({
              ...peer,
              now: peer.now.map((each) => ({ ...each, path: shown(each.path) })),
            }))
          : [],
      )
      .slice(0, 100);
  }

  /** One line to the server carries them all; files are counted by each. */
  private sample(): void {
    const { transport, clock } = this.engine.parts.env;
    const at = clock.monotonic();
    const last = this.samples.at(-1);
    if (last && at - last.at < LEAST_BETWEEN_MS) return;
    // Nobody looked for long: what was then says nothing of now.
    if (last && at - last.at > RATE_MS) this.samples = [];
    this.samples = this.samples.filter((each) => each.at >= at - 2 * ESTIMATE_MS);
    const moved = (direction: 'up' | 'down') =>
      this.engines().reduce((sum, { transfers }) => sum + transfers.moved[direction], 0);
    this.samples.push({
      at,
      wire: { up: transport.bytesSent, down: transport.bytesReceived },
      files: { up: moved('up'), down: moved('down') },
    });
  }

  /** Bytes per second over the last `ms`; null before there is enough to tell. */
  private rate(of: 'wire' | 'files', direction: 'up' | 'down', ms: number): number | null {
    const last = this.samples.at(-1);
    const first = this.samples.find((each) => last && each.at >= last.at - ms);
    if (!last || !first || last.at - first.at < LEAST_BETWEEN_MS) return null;
    return ((last[of][direction] - first[of][direction]) * 1000) / (last.at - first.at);
  }

  private secondsLeft(): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.at - first.at < ESTIMATE_MS) return null;
    const engines = this.engines().filter(({ ready }) => ready);
    // What is not planned or not read yet is of unknown size.
    if (engines.some(({ state, lanes }) => state.frontier.hasDirty() || !lanes.hash.idle)) return null;
    const up = this.directionLeft(
      'up',
      engines.map(({ lanes }) => lanes.contents.waitingWeight(MOST_WAITING)),
    );
    const down = this.directionLeft(
      'down',
      engines.map(({ lanes }) => lanes.downloads.waitingWeight(MOST_WAITING)),
    );
    return up === null || down === null ? null : Math.ceil(Math.max(up, down));
  }

  private directionLeft(direction: 'up' | 'down', waiting: readonly (number | null)[]): number | null {
    let bytes = this.engines().reduce((sum, { transfers }) => sum + transfers.left(direction), 0);
    for (const each of waiting) {
      if (each === null) return null;
      bytes += each;
    }
    if (bytes === 0) return 0;
    const now = this.rate('files', direction, RATE_MS);
    const long = this.rate('files', direction, 2 * ESTIMATE_MS);
    if (now === null || !long || Math.abs(now - long) > STEADY * long) return null;
    return bytes / long;
  }
}

/** Tells what moves while somebody listens and something does, and one last time when all is quiet. */
export class TransferTicker {
  private readonly engine: Engine;
  private readonly view: TransferView;
  private readonly tell: (event: TransfersChanged) => void;
  private cancel: (() => void) | null = null;
  private listening = false;
  private told = '';
  private unhear: () => void = () => undefined;

  constructor(engine: Engine, view: TransferView, tell: (event: TransfersChanged) => void) {
    this.engine = engine;
    this.view = view;
    this.tell = tell;
  }

  start(): void {
    this.listening = true;
    this.unhear = this.engine.transfers.onBegin(() => this.soon(TICK_MS));
    if (!this.view.quiet) this.soon(TICK_MS);
  }

  stop(): void {
    this.listening = false;
    this.unhear();
    this.cancel?.();
    this.cancel = null;
    this.told = '';
  }

  /** Others began to send, or ended. */
  wake(): void {
    if (this.listening) this.soon(TICK_MS);
  }

  private soon(ms: number): void {
    this.cancel ??= this.engine.parts.env.clock.after(ms, () => {
      this.cancel = null;
      this.tick();
    });
  }

  private tick(): void {
    const transfers = this.view.look();
    const { quiet } = this.view;
    const text = JSON.stringify(transfers);
    // Quiet before anything was told: nothing is to be taken back.
    if (text !== this.told && !(quiet && this.told === '')) {
      this.told = quiet ? '' : text;
      this.tell({ kind: 'transfers', at: Math.floor(this.engine.parts.env.clock.now()), transfers });
    }
    if (!quiet) this.soon(this.view.count > 0 ? TICK_MS : IDLE_TICK_MS);
  }
}
