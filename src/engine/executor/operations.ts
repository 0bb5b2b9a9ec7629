/**
 * Which nodes and names have an operation under way. The planner does not decide about them, and what a scan saw of
 * them is dropped and looked at again afterwards (RULES 19).
 */
import type { NodeId } from '../../protocol/ids.ts';
import type { Clock } from '../environment/environment.ts';
import type { Frontier } from '../state/frontier.ts';

export type Direction = 'up' | 'down' | 'here';

interface Flight {
  readonly direction: Direction;
  /** A tree row of the node was written since the operation was planned. */
  changed: boolean;
}

interface Deferral {
  readonly until: number;
  readonly tries: number;
}

const REMEMBERED_TOUCHES = 5000;

export class Operations {
  private readonly flights = new Map<NodeId, Flight>();
  /** Nodes with a claim that is asked for again; some other operation may be under way for them. */
  private readonly heldBack = new Set<NodeId>();
  private readonly deferrals = new Map<NodeId, Deferral>();
  /** Disk objects being changed by us: node ids and `parent/name` slots, with the tick at which we let go. */
  private readonly touched = new Map<string, number>();
  private tick = 0;
  /** Observations under way, by the moment they began. */
  private readonly looks = new Map<number, number>();
  private readonly clock: Clock;
  private readonly frontier: Frontier;
  /** Called when an operation ends: looks that were dropped meanwhile are due. */
  onRelease: () => void = () => undefined;

  constructor(clock: Clock, frontier: Frontier) {
    this.clock = clock;
    this.frontier = frontier;
    frontier.isInFlight = (node) => {
      const flight = this.flights.get(node);
      if (flight) flight.changed = true;
      return flight !== undefined || this.heldBack.has(node);
    };
  }

  begin(node: NodeId, direction: Direction): void {
    this.flights.set(node, { direction, changed: false });
  }

  /** Was anything of the node written since its operation was planned? */
  wasChanged(node: NodeId): boolean {
    return this.flights.get(node)?.changed ?? true;
  }

  /** The operation is over: the node is decided about again. */
  end(node: NodeId): void {
    if (this.flights.delete(node) && !this.heldBack.has(node)) this.frontier.add(node);
  }

  /** Nothing is decided about these nodes until `letDecide`, whatever else ends for them meanwhile. */
  holdBack(nodes: readonly NodeId[]): void {
    for (const node of nodes) this.heldBack.add(node);
  }

  letDecide(nodes: readonly NodeId[]): void {
    for (const node of nodes)
      if (this.heldBack.delete(node) && !this.flights.has(node)) this.frontier.add(node);
  }

  /** Runs `look` as if nothing were under way for the node. */
  asIfIdle<T>(node: NodeId, look: () => T): T {
    const flight = this.flights.get(node);
    this.flights.delete(node);
    try {
      return look();
    } finally {
      if (flight) this.flights.set(node, flight);
    }
  }

  inFlight(node: NodeId): boolean {
    return this.flights.has(node) || this.heldBack.has(node);
  }

  count(direction: Direction): number {
    let count = direction === 'up' ? this.heldBack.size : 0;
    for (const each of this.flights.values()) if (each.direction === direction) count += 1;
    return count;
  }

  get busy(): boolean {
    return this.flights.size > 0 || this.heldBack.size > 0;
  }

  flying(): readonly NodeId[] {
    return [...this.flights.keys(), ...this.heldBack];
  }

  /** A failure that another try may mend: the node rests for a while, alone (one locked file never blocks the rest). */
  defer(node: NodeId, leastMs = 0): void {
    const tries = (this.deferrals.get(node)?.tries ?? 0) + 1;
    const ms = Math.max(leastMs, Math.min(60_000, 250 * 2 ** Math.min(tries, 9)));
    const deferral = { until: this.clock.monotonic() + ms, tries };
    this.deferrals.set(node, deferral);
    this.clock.after(ms, () => {
      // Timers count from when the loop last looked at the clock, and ring early on a busy machine. Asked then, the node
      // would still rest, and nobody would ever ask again.
      if (this.deferrals.get(node) === deferral) this.deferrals.set(node, { until: 0, tries });
      this.frontier.add(node);
    });
  }

  /** Rests for a known time that is no failure. */
  deferFor(node: NodeId, ms: number): void {
    this.deferrals.set(node, {
      until: this.clock.monotonic() + ms,
      tries: this.deferrals.get(node)?.tries ?? 0,
    });
  }

  /** How often it was put off since it last succeeded. */
  triesOf(node: NodeId): number {
    return this.deferrals.get(node)?.tries ?? 0;
  }

  succeed(node: NodeId): void {
    this.deferrals.delete(node);
  }

  /** The node itself changed: what failed before may work now. */
  undefer(node: NodeId): void {
    const deferral = this.deferrals.get(node);
    if (deferral) this.deferrals.set(node, { until: 0, tries: deferral.tries });
  }

  /** Everything was read anew: whatever failed before is tried again. */
  undeferAll(): void {
    for (const [node, { tries }] of this.deferrals) this.deferrals.set(node, { until: 0, tries });
  }

  /** Does anything rest after a failure? */
  get rests(): boolean {
    return this.deferrals.size > 0;
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

  /** Are we at work on any of these keys right now? */
  isTouching(keys: readonly string[]): boolean {
    return keys.some((key) => this.touched.get(key) === Number.POSITIVE_INFINITY);
  }

  /** An observation begins; what we touch until `endLook` makes what it sees of it worthless. */
  beginLook(): number {
    this.looks.set(this.tick, (this.looks.get(this.tick) ?? 0) + 1);
    return this.tick;
  }

  endLook(moment: number): void {
    const left = (this.looks.get(moment) ?? 1) - 1;
    if (left > 0) this.looks.set(moment, left);
    else this.looks.delete(moment);
    if (this.touched.size > REMEMBERED_TOUCHES) this.forgetTouches();
  }

  /** Touches that no observation under way can stumble over any more. */
  private forgetTouches(): void {
    const oldest = Math.min(this.tick, ...this.looks.keys());
    for (const [key, until] of this.touched) if (until <= oldest) this.touched.delete(key);
  }
}

export function slotKey(parent: NodeId, name: string): string {
  return `${parent}/${name}`;
}
