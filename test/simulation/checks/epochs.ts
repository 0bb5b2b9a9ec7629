/** I19: no device goes back from a newer incarnation of the server's history to an older one. */
import type { Epoch } from '../../../src/protocol/ids.ts';
import type { Machine } from '../machine.ts';

export class EpochWatch {
  readonly #newest = new Map<string, number>();
  /** How often its state had been put back: an older state knows of older histories alone. */
  readonly #putBack = new Map<string, number>();

  /** `epochs`: all there were, oldest first. */
  faults(machine: Machine, epochs: readonly Epoch[]): string[] {
    const cursor = machine.device?.engine.state.meta.cursor() ?? null;
    if (cursor === null) return [];
    const now = epochs.indexOf(cursor.epoch);
    if (now < 0) return [];
    if (this.#putBack.get(machine.name) !== machine.timesPutBack) this.#newest.delete(machine.name);
    this.#putBack.set(machine.name, machine.timesPutBack);
    const before = this.#newest.get(machine.name) ?? now;
    this.#newest.set(machine.name, Math.max(before, now));
    return now < before
      ? [`I19 ${machine.name} went back from epoch ${epochs[before]} to ${epochs[now]}`]
      : [];
  }
}
