/** Makes the planned troubles happen, and mends each when its time is over or the healing begins. */
import type { Domain } from '../clock.ts';
import { Stream } from '../random.ts';
import { type PlannedTrouble, SERVER } from '../run-plan.ts';
import { Tally } from '../tally.ts';
import { Refused } from '../volume-node.ts';
import { ALL_TROUBLES } from './all-troubles.ts';
import type { Mend, TroubledWorld } from './trouble.ts';

const MEND_LIMIT_MS = 120_000;

export class Troublemaker {
  readonly tally = new Tally();
  /** Troubles that could not be made or mended: a fault of the simulation or of what it called. */
  readonly wrong: string[] = [];
  readonly #world: TroubledWorld;
  readonly #seed: number;
  readonly #tell: (line: string) => void;
  readonly #time: Domain;
  /** By kind and target: a trouble does not come twice at once. */
  readonly #open = new Map<string, Mend>();
  #over = false;

  constructor(world: TroubledWorld, seed: number, tell: (line: string) => void) {
    this.#world = world;
    this.#seed = seed;
    this.#tell = tell;
    this.#time = world.time.domain('troubles');
  }

  begin(planned: readonly PlannedTrouble[]): void {
    for (const each of planned)
      this.#time.after(each.at - this.#time.monotonic(), () => void this.#strike(each));
  }

  /** Everything is mended; nothing new begins. */
  async end(): Promise<void> {
    this.#over = true;
    for (const key of [...this.#open.keys()]) {
      await this.#world.time.drive(this.#mend(key), MEND_LIMIT_MS, `mending ${key}`);
    }
  }

  async #strike(planned: PlannedTrouble): Promise<void> {
    const { kind, on, id } = planned;
    const key = `${kind} on ${on}`;
    if (this.#over || this.#open.has(key)) return;
    const trouble = ALL_TROUBLES.find((each) => each.kind === kind);
    if (trouble === undefined) throw new Error(`there is no trouble ${kind}`);
    const stream = new Stream(this.#seed, `faults: ${kind} on ${on} at ${planned.at}`);
    const machine = on === SERVER ? stream.pick([...this.#world.machines.values()]) : this.#world.machine(on);
    this.#world.trace(key);
    try {
      const mend = await trouble.strike({ world: this.#world, machine, stream });
      if (mend === false) return;
      this.#tell(`!${id} ${key}`);
      this.tally.add(kind);
      if (mend === null) return;
      this.#open.set(key, mend);
      this.#time.after(planned.lasts, () => void this.#mend(key));
    } catch (error) {
      // Another trouble is in the way of this one.
      if (error instanceof Refused) return;
      this.wrong.push(`${key}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }

  async #mend(key: string): Promise<void> {
    const mend = this.#open.get(key);
    if (!mend) return;
    this.#open.delete(key);
    this.#world.trace(`${key} is over`);
    try {
      await mend();
    } catch (error) {
      this.wrong.push(`mending ${key}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}
