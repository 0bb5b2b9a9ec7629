/**
 * Which nodes and names have an operation under way. The planner does not decide about them, and what a scan saw of
 * them is dropped and looked at again afterwards (RULES 19).
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { Clock } from '../environment/environment.ts';
import type { Frontier } from '../state/frontier.ts';

export type Direction = 'up' | 'down' | 'here';

interface Deferral {
  readonly until: number;
  readonly tries: number;
}

export class Operations {
  private readonly flights = new Map<NodeId, Direction>();
  private readonly deferrals = new Map<NodeId, Deferral>();
  /** Disk objects being changed by us: node ids and `parent/name` slots, with the tick at which we let go. */
  private readonly touched = new Map<string, number>();
  private tick = 0;
  private readonly clock: Clock;
  private readonly frontier: Frontier;
  /** Called when an operation ends: looks that were dropped meanwhile are due. */
  onRelease: () => void = () => undefined;

  constructor(clock: Clock, frontier: Frontier) {
    this.clock = clock;
    this.frontier = frontier;
  }

  begin(node: NodeId, direction: Direction): void {
    this.flights.set(node, direction);
  }

  /** The operation is over: the node is decided about again. */
  end(node: NodeId): void {
    if (this.flights.delete(node)) this.frontier.add(node);
  }

  inFlight(node: NodeId): boolean {
    return this.flights.has(node);
  }

  count(direction: Direction): number {
    let count = 0;
    for (const each of this.flights.values()) if (each === direction) count += 1;
    return count;
  }

  get busy(): boolean {
    return this.flights.size > 0;
  }

  flying(): readonly NodeId[] {
    return [...this.flights.keys()];
  }

  /** A failure that another try may mend: the node rests for a while, alone (one locked file never blocks the rest). */
  defer(node: NodeId, leastMs = 0): void {
    const tries = (this.deferrals.get(node)?.tries ?? 0) + 1;
    const ms = Math.max(leastMs, Math.min(60_000, 250 * 2 ** Math.min(tries, 9)));
    this.deferrals.set(node, { until: this.clock.monotonic() + ms, tries });
    this.clock.after(ms, () => this.frontier.add(node));
  }

  /** Rests for a known time that is no failure. */
  deferFor(node: NodeId, ms: number): void {
    this.deferrals.set(node, {
      until: this.clock.monotonic() + ms,
      tries: this.deferrals.get(node)?.tries ?? 0,
    });
  }

  succeed(node: NodeId): void {
    this.deferrals.delete(node);
  }

  /** The node itself changed: what failed before may work now. */
  undefer(node: NodeId): void {
    const deferral = this.deferrals.get(node);
    if (deferral) this.deferrals.set(node, { until: 0, tries: deferral.tries });
  }

  isDeferred(node: NodeId): boolean {
    const deferral = this.deferrals.get(node);
    return deferral !== undefined && deferral.until > this.clock.monotonic();
  }

  deferredCount(): number {
    let count = 0;
    for (const node of this.deferrals.keys()) if (this.isDeferred(node)) count += 1;
    return count;
  }

  /** Moment of an observation: what we touch from here on makes it worthless. */
  now(): number {
    return this.tick;
  }

  /** From here to `letGo`, nothing a scan sees of these keys counts. */
  touch(keys: readonly string[]): void {
    for (const key of keys) this.touched.set(key, Number.POSITIVE_INFINITY);
  }

  letGo(keys: readonly string[]): void {
    this.tick += 1;
    for (const key of keys) this.touched.set(key, this.tick);
    this.onRelease();
  }

  /** Was the key touched by us at any time since `moment`? */
  wasTouched(key: string, moment: number): boolean {
    const until = this.touched.get(key);
    return until !== undefined && until > moment;
  }

  /** Forgets touches that no observation under way can still stumble over. */
  forgetTouches(before: number): void {
    if (this.touched.size < 20_000) return;
    for (const [key, until] of this.touched) if (until <= before) this.touched.delete(key);
  }
}

export function slotKey(parent: NodeId, name: string): string {
  return `${parent}/${name}`;
}
