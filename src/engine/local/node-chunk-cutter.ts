/** Chunk ends by the compiled helper where it is there, else in JavaScript; proven equal. */
import { BoundaryFinder } from '../../core/manifest/chunk-boundaries.ts';
import type { ChunkingParameters } from '../../core/manifest/manifest.ts';
import { loadHelper, type NativeHelper } from './node-helper.ts';

/** As `BoundaryFinder`: absolute ends found in pieces that arrive one after the other. */
export interface ChunkCutter {
  push(bytes: Uint8Array): readonly number[];
  finish(): readonly number[];
}

export type CutterMaker = (parameters: ChunkingParameters) => ChunkCutter;

export const jsCutter: CutterMaker = (parameters) => new BoundaryFinder(parameters);

/** Null where the helper is not there. */
export function nativeCutter(): CutterMaker | null {
  const outcome = loadHelper();
  if (outcome.kind === 'missing') return null;
  const { helper } = outcome;
  return (parameters) => new NativeCutter(helper, parameters);
}

class NativeCutter implements ChunkCutter {
  readonly #helper: NativeHelper;
  readonly #min: number;
  /** [min, mean, max, bytes of the open chunk, its hash] */
  readonly #state: Uint32Array;
  #ends = new Uint32Array(16);
  #position = 0;

  constructor(helper: NativeHelper, parameters: ChunkingParameters) {
    this.#helper = helper;
    this.#min = parameters.min;
    this.#state = Uint32Array.of(parameters.min, parameters.mean, parameters.max, 0, 0);
  }

  push(bytes: Uint8Array): readonly number[] {
    // One end more than can be: a full list would stop short of the bytes behind the last end.
    const room = Math.floor(bytes.length / this.#min) + 2;
    if (this.#ends.length < room) this.#ends = new Uint32Array(room);
    const count = this.#helper.chunkEnds(bytes, this.#state, this.#ends);
    const ends: number[] = [];
    for (let i = 0; i < count; i += 1) ends.push(this.#position + this.#ends[i]!);
    this.#position += bytes.length;
    return ends;
  }

  finish(): readonly number[] {
    const open = this.#state[3]! > 0;
    this.#state[3] = 0;
    this.#state[4] = 0;
    return open ? [this.#position] : [];
  }
}
