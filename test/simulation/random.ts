/**
 * Seeded randomness. Each concern of a run (what users do, who runs when, what breaks) draws from its own stream, so
 * that taking one away leaves the others as they were.
 */
import type { Random } from '../../src/engine/environment/environment.ts';

/** Mixes a seed and a label into 32-bit words, so that streams of one seed have nothing to do with each other. */
function* words(seed: number, label: string): Generator<number, never> {
  let state = (seed ^ 0x9e3779b9) | 0;
  for (let i = 0; i < label.length; i += 1) state = Math.imul(state ^ label.charCodeAt(i), 0x01000193);
  for (;;) {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    yield z ^ (z >>> 15);
  }
}

/** sfc32: small, fast, and good enough that no test can tell. */
export class Stream implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, label: string) {
    const source = words(seed, label);
    this.#a = source.next().value;
    this.#b = source.next().value;
    this.#c = source.next().value;
    for (let i = 0; i < 12; i += 1) this.word();
  }

  /** Uniform unsigned 32-bit word. */
  word(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  fraction(): number {
    return this.word() / 2 ** 32;
  }

  /** Uniform integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('pick from nothing');
    return item;
  }

  /** Picks a key with probability proportional to its weight. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return entries[entries.length - 1]![0];
  }

  bytes(count: number): Uint8Array {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i += 1) out[i] = this.word() >>> 24;
    return out;
  }
}

export interface Streams {
  readonly workload: Stream;
  readonly schedule: Stream;
  readonly faults: Stream;
  /** Identities and jitter inside engines and server. */
  readonly identity: Stream;
}

export function streamsOf(seed: number): Streams {
  return {
    workload: new Stream(seed, 'workload'),
    schedule: new Stream(seed, 'schedule'),
    faults: new Stream(seed, 'faults'),
    identity: new Stream(seed, 'identity'),
  };
}
