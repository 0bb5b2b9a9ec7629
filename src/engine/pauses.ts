/**
 * Why nothing is sent or fetched for now, and until when: the user's own pause, and those of the app for power and
 * network, each of which ends by itself. The user's is kept in the state; the app says its own again after a start.
 */
import type { Static } from 'typebox';
import type { PauseReason } from '../ipc/status.ts';
import { Millis, nullable, parserOf, record } from '../protocol/schema.ts';
import type { Clock } from './environment/environment.ts';
import type { MetaTable } from './state/meta.ts';

const Kept = record({ until: nullable(Millis) });
const parseKept = parserOf(Kept);
const KEY = 'paused';
/** The wall clock is looked at this often: it may be set, and a computer may sleep. */
const LOOK_EVERY_MS = 15_000;
const REASONS: readonly PauseReason[] = ['user', 'metered', 'battery'];

export class Pauses {
  private readonly until = new Map<PauseReason, number | null>();
  private readonly meta: MetaTable;
  private readonly clock: Clock;
  private cancel: () => void = () => undefined;
  /** A pause is over by itself: true when none is left. */
  onEnd: (over: boolean) => void = () => undefined;

  /** Takes up again what was kept; `paused` is a pause of the user for this start only. */
  constructor(meta: MetaTable, clock: Clock, paused: boolean) {
    this.meta = meta;
    this.clock = clock;
    const kept = this.read();
    if (kept !== null) this.until.set('user', kept.until);
    if (paused) this.until.set('user', null);
    this.endThoseOver();
    this.arm();
  }

  get any(): boolean {
    return this.until.size > 0;
  }

  /** The one to be told of: the user's own goes first. */
  get reason(): PauseReason | null {
    return REASONS.find((reason) => this.until.has(reason)) ?? null;
  }

  /** When the last of them ends by itself; null when one waits for somebody. */
  get untilMs(): number | null {
    let last = 0;
    for (const until of this.until.values()) {
      if (until === null) return null;
      last = Math.max(last, until);
    }
    return last === 0 ? null : last;
  }

  begin(reason: PauseReason, until: number | null): void {
    this.until.set(reason, until);
    if (reason === 'user') this.meta.set(KEY, JSON.stringify({ until }));
    this.arm();
  }

  /** Without a reason, every one of them. */
  end(reason?: PauseReason): void {
    for (const each of reason === undefined ? REASONS : [reason]) this.drop(each);
    this.arm();
  }

  close(): void {
    this.cancel();
  }

  private drop(reason: PauseReason): void {
    if (this.until.delete(reason) && reason === 'user') this.meta.remove(KEY);
  }

  private read(): Static<typeof Kept> | null {
    const text = this.meta.get(KEY);
    if (text === null) return null;
    const parsed = parseKept(JSON.parse(text));
    return parsed.kind === 'ok' ? parsed.value : null;
  }

  private endThoseOver(): boolean {
    let ended = false;
    for (const [reason, until] of [...this.until])
      if (until !== null && until <= this.clock.now()) {
        this.drop(reason);
        ended = true;
      }
    return ended;
  }

  private arm(): void {
    this.cancel();
    const ends = [...this.until.values()].filter((until) => until !== null);
    if (ends.length === 0) return;
    const left = Math.max(0, Math.min(...ends) - this.clock.now());
    this.cancel = this.clock.after(Math.min(left, LOOK_EVERY_MS), () => {
      const ended = this.endThoseOver();
      this.arm();
      if (ended) this.onEnd(!this.any);
    });
  }
}
